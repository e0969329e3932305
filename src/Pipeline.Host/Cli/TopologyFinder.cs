namespace Pipeline.Host.Cli;

/// <summary>Finds a topology file as a person would: here, in the folders above, beside the program.</summary>
internal static class TopologyFinder
{
    public const string Default = "topology/local.yaml";

    /// <summary>The file's path, relative where that is shorter; the name unchanged when there is no such file anywhere.</summary>
    public static string Find(string name, string workingFolder)
    {
        if (Path.IsPathFullyQualified(name))
        {
            return name;
        }

        foreach (var folder in Above(workingFolder).Concat(Above(AppContext.BaseDirectory)))
        {
            var path = Path.Combine(folder, name);
            if (File.Exists(path))
            {
                var relative = Path.GetRelativePath(workingFolder, path);
                return relative.Length < path.Length ? relative : path;
            }
        }

        return name;
    }

    /// <summary>Where run files go: <c>artifacts/run</c> of the nearest folder above that has a <c>topology</c> folder.</summary>
    public static string FindRunFolder(string workingFolder)
    {
        var root = Above(workingFolder).FirstOrDefault(folder => Directory.Exists(Path.Combine(folder, "topology")));
        return Path.Combine(root ?? workingFolder, "artifacts", "run");
    }

    private static IEnumerable<string> Above(string folder)
    {
        for (var at = Path.GetFullPath(folder); at is not null; at = Path.GetDirectoryName(at))
        {
            yield return at;
        }
    }
}
