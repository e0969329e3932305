using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Host.Collecting.Reloading;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Host.Collecting;

public sealed class TopologyWatchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestTimeProvider _time = new();
    private readonly LinesLog _log = new();
    private volatile string _told = "";
    private int _changes;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Write_IsToldOnceWhenTheFileHasBeenQuiet()
    {
        using var watch = Watch();
        for (var i = 0; i < 3; i++)
        {
            _folder.Write("t.yaml", $"edit {i}");
        }

        await Wait.UntilAsync(() => Armed);
        _time.Advance(TimeSpan.FromMilliseconds(499));
        Assert.Equal(0, _changes);
        await SettleAsync(1);
    }

    [Fact]
    public async Task Replaced_AsEditorsDo_IsToldEachTime()
    {
        using var watch = Watch();
        for (var i = 1; i <= 3; i++)
        {
            var draft = _folder.Write("t.yaml.new", $"edit {i}");
            File.Move(draft, _folder["t.yaml"], overwrite: true);
            await SettleAsync(i);
            Assert.Equal($"edit {i}", _told);
        }
    }

    [Fact]
    public async Task Missing_IsNoChangeUntilItIsBack()
    {
        using var watch = Watch();
        File.Delete(_folder["t.yaml"]);
        await Wait.UntilAsync(() => Armed);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, _changes);

        _folder.Write("t.yaml", "back");
        await SettleAsync(1);
    }

    [Fact]
    public async Task LinkThatIsTurnedRound_AsMountedConfigurationDoes_IsToldOf()
    {
        Directory.CreateDirectory(_folder["..1"]);
        Directory.CreateDirectory(_folder["..2"]);
        _folder.Write("..1/t.yaml", "one");
        _folder.Write("..2/t.yaml", "two");
        File.Delete(_folder["t.yaml"]);
        File.CreateSymbolicLink(_folder["..data"], "..1");
        File.CreateSymbolicLink(_folder["t.yaml"], "..data/t.yaml");
        using var watch = Watch(exists: true);

        File.CreateSymbolicLink(_folder["..data_tmp"], "..2");
        using (var move = Process.Start("mv", ["-T", _folder["..data_tmp"], _folder["..data"]]))
        {
            await move.WaitForExitAsync();
            Assert.Equal(0, move.ExitCode);
        }

        await SettleAsync(1);
        Assert.Equal("two", File.ReadAllText(_folder["t.yaml"]));
    }

    [Fact]
    public async Task OtherFiles_AreNobodysBusiness()
    {
        using var watch = Watch();
        using var beside = new FileSystemWatcher(_folder.Path);
        var isSeen = 0;
        beside.Created += (_, happened) => Volatile.Write(ref isSeen, happened.Name == "last.yaml" ? 1 : Volatile.Read(ref isSeen));
        beside.EnableRaisingEvents = true;
        _folder.Write("other.yaml", "x");
        _folder.Write("other.yaml", "y");
        _folder.Write("last.yaml", "z");

        // The system tells every watcher of a folder at the same time.
        await Wait.UntilAsync(() => Volatile.Read(ref isSeen) == 1);
        Assert.False(Armed);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, _changes);

        _folder.Write("t.yaml", "x");
        await SettleAsync(1);
        Assert.Equal("x", _told);
    }

    [Fact]
    public async Task Folder_ThatIsAway_IsSaidOnceAndWatchedWhenItIsBack()
    {
        using var watch = new TopologyWatch(_folder["away/t.yaml"], () => Interlocked.Increment(ref _changes), _time, _log);
        Assert.Contains("is not watched", Assert.Single(_log.Lines), StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Single(_log.Lines);

        _folder.Write("away/t.yaml", "x");
        _time.Advance(TimeSpan.FromSeconds(30));
        await SettleAsync(1);
    }

    /// <summary>The timer of the quiet time, beside the one of the next try.</summary>
    private bool Armed => _time.PendingTimers > 0;

    private TopologyWatch Watch(bool exists = false)
    {
        if (!exists)
        {
            _folder.Write("t.yaml", "first");
        }

        return new TopologyWatch(_folder["t.yaml"], Changed, _time, NullLogger.Instance);
    }

    /// <summary>Who is told reads what is there by then.</summary>
    private void Changed()
    {
        _told = File.ReadAllText(_folder["t.yaml"]);
        Interlocked.Increment(ref _changes);
    }

    private async Task SettleAsync(int changes)
    {
        // The system tells of a change in its own time, maybe in several parts.
        await Wait.UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
            return Volatile.Read(ref _changes) >= changes;
        });
        Volatile.Write(ref _changes, changes);
    }
}
