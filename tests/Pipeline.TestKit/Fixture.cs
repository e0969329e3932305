namespace Pipeline.TestKit;

/// <summary>Files under <c>tests/fixtures</c>.</summary>
public static class Fixture
{
    public static byte[] Read(string path) => File.ReadAllBytes(Path.Combine(RepositoryRoot, "tests", "fixtures", path));

    public static string RepositoryRoot { get; } = FindRoot();

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Pipeline.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Pipeline.sln above {AppContext.BaseDirectory}.");
    }
}
