namespace Pipeline.Host.Supervision;

/// <summary>How this very program is started once more.</summary>
/// <param name="FileName">The program, or <c>dotnet</c>.</param>
/// <param name="Prefix">Arguments that go before its own: the assembly, under <c>dotnet</c>.</param>
internal sealed record Executable(string FileName, IReadOnlyList<string> Prefix)
{
    public static Executable OfProcess()
    {
        var path = Environment.ProcessPath ?? throw new InvalidOperationException("the program's own path is not known");
        return Path.GetFileNameWithoutExtension(path) == "dotnet"
            ? new Executable(path, [Path.Combine(AppContext.BaseDirectory, $"{typeof(Executable).Assembly.GetName().Name}.dll")])
            : new Executable(path, []);
    }
}
