namespace Pipeline.Core.Recordings;

/// <summary>Where recordings are looked for.</summary>
internal static class RecordingFiles
{
    public const string FramesSuffix = ".jsonl.gz";
    public const string TimesSuffix = ".recv.gz";
    public const string FolderVariable = "PIPELINE_RECORDINGS";

    private const string SharedFolder = "../shared/data/recordings";

    /// <summary>Path of a recording without suffix.</summary>
    /// <exception cref="FileNotFoundException">It is in none of the places, which the message names.</exception>
    public static string Find(string recording)
    {
        var name = recording.EndsWith(FramesSuffix, StringComparison.Ordinal) ? recording[..^FramesSuffix.Length] : recording;
        var candidates = Candidates(name).Select(Path.GetFullPath).Distinct(StringComparer.Ordinal).ToList();
        return candidates.FirstOrDefault(path => File.Exists(path + FramesSuffix))
            ?? throw new FileNotFoundException(
                $"There is no recording '{recording}'. Give its name in a recordings folder (environment {FolderVariable}) or its path. "
                + $"Looked for: {string.Join(", ", candidates.Select(path => path + FramesSuffix))}.");
    }

    private static IEnumerable<string> Candidates(string name)
    {
        yield return name;
        if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder)
        {
            yield return Path.Combine(folder, name);
        }

        yield return Path.Combine(SharedFolder, name);
        foreach (var start in new[] { Environment.CurrentDirectory, AppContext.BaseDirectory })
        {
            if (RepositoryAbove(start) is { } repository)
            {
                yield return Path.Combine(repository, SharedFolder, name);
            }
        }
    }

    private static string? RepositoryAbove(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Pipeline.sln")))
            {
                return at.FullName;
            }
        }

        return null;
    }
}
