using Pipeline.Core.Topology;
using Pipeline.History;
using Pipeline.TestKit.Time;

namespace Pipeline.Gateway.Tests.History;

/// <summary>A folder with a history file, gone at the end of the test.</summary>
internal sealed class HistoryFile : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pipeline-history-");

    public string Path => System.IO.Path.Combine(_folder.FullName, "candles.db");

    public TestTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 6, 0, 0, 0, TimeSpan.Zero));

    public HistoryOptions Options { get; set; } = new();

    public CandleStore Open() => CandleStore.Open(Options with { Path = Path }, Time);

    public void Dispose() => _folder.Delete(recursive: true);
}
