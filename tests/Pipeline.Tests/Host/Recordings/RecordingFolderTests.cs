using Pipeline.Host.Recordings;
using Pipeline.TestKit.Time;
using Pipeline.Tests.Host;

namespace Pipeline.Tests.Host.Recordings;

public sealed class RecordingFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestTimeProvider _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_PastTheBound_DeletesTheOldestOfThisVenueAlone()
    {
        Write(new RecordingFolder(_folder.Path, "binance-futures", 1_000, _time), 100, 400);
        var own = new RecordingFolder(_folder.Path, "binance", 1_000, _time);
        for (var i = 0; i < 6; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Write(own, 300, 300);
        }

        var files = Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order().ToList();
        Assert.Equal(3, files.Count(file => file!.StartsWith("binance-2", StringComparison.Ordinal)));
        Assert.Single(files, file => file!.StartsWith("binance-futures-", StringComparison.Ordinal));

        // The newest are those that are left.
        var times = files.Where(file => file!.StartsWith("binance-2", StringComparison.Ordinal)).ToList();
        Assert.Equal($"binance-{_time.GetUtcNow().UtcDateTime:yyyyMMdd'T'HHmmss.fff'Z'}.rec", times[^1]);
    }

    [Fact]
    public void Open_TwiceInAMoment_GivesTwoFiles()
    {
        var folder = new RecordingFolder(_folder["made"], "okx", 1_000, _time);
        Write(folder, 10, 10);
        Write(folder, 10, 10);
        Assert.Equal(2, Directory.GetFiles(_folder["made"]).Length);
    }

    private static void Write(RecordingFolder folder, long most, int bytes)
    {
        using var file = folder.Open(most);
        file.Write(new byte[bytes]);
    }
}
