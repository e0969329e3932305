using System.Diagnostics;
using System.Text.Json;

namespace Pipeline.ForeignClientTests;

/// <summary>Runs one of the scripts in <c>Clients</c> on node, with the packages that <c>make foreign</c> has fetched.</summary>
internal static class ForeignClient
{
    // Generous: the machine may be busy, and a client that hangs has to be told from a slow one only once.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>Top folder of the repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>What the script printed last, as JSON; its complaint as an exception when it failed.</summary>
    public static async Task<JsonElement> RunAsync(string script, params string[] arguments) =>
        JsonDocument.Parse((await RunLinesAsync(script, arguments))[^1]).RootElement;

    /// <summary>All lines that the script printed. Some packages print hints of their own before.</summary>
    public static async Task<IReadOnlyList<string>> RunLinesAsync(string script, params string[] arguments)
    {
        var start = Node(script, arguments);
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{script} saw too little within {Patience}.\n{await output}\n{await error}");
        }

        Assert.True(process.ExitCode == 0, $"{script} failed.\n{await output}\n{await error}");
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>How to start a script on node.</summary>
    public static ProcessStartInfo Node(string script, params string[] arguments)
    {
        var modules = Path.Combine(Root, "artifacts", "foreign", "node_modules");
        Assert.True(Directory.Exists(modules), $"The foreign clients are not there ({modules}); make foreign fetches them.");
        var start = new ProcessStartInfo("node")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Root,
        };
        start.ArgumentList.Add(Path.Combine(Root, "tests", "Pipeline.ForeignClientTests", "Clients", script));
        Array.ForEach(arguments, start.ArgumentList.Add);
        start.Environment["NODE_PATH"] = modules;
        return start;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Pipeline.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("Not run from inside the repository.");
        }

        return folder.FullName;
    }
}
