using Pipeline.Core.Candles;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Topology;
using Pipeline.Host.Collecting;
using Pipeline.Host.Collecting.Reloading;
using Pipeline.Tests.Topology;

namespace Pipeline.Tests.Host.Collecting;

public sealed class TopologyReloaderTests : IDisposable
{
    private const string Other = """
          apex-futures:
            endpoints: {webSocket: ws://127.0.0.1:7}
            instruments: [BTC-USDT-PERP]
            channels: [trade]

        """;

    private readonly PipelineMetrics _metrics = new();
    private readonly LinesLog _log = new();
    private readonly FakeTarget _target = new();
    private readonly TopologyReloader _reloader;
    private string _text = TopologyText.Minimal;

    public TopologyReloaderTests() => _reloader = new TopologyReloader(
        () => TopologyText.Read(_text), TopologyText.Read(_text).Require(), _target, _metrics, _log);

    public void Dispose()
    {
        _reloader.Dispose();
        _metrics.Dispose();
    }

    [Fact]
    public async Task Reload_NothingChanged_CallsNothing()
    {
        var outcome = await _reloader.ReloadAsync("http");

        Assert.Equal((true, "nothing has changed"), (outcome.Applied, outcome.Summary));
        Assert.Empty(_target.Calls);
        await _reloader.ReloadAsync("file", isQuiet: true);
        Assert.Equal(["topology (http): nothing has changed"], _log.Lines);
        Assert.Equal(2, Reloads("unchanged"));
    }

    [Fact]
    public async Task Reload_ManyChanges_SaysWhatWasDoneAndWhatNeedsARestart()
    {
        _text = TopologyText.Minimal.Replace("[BTC-USDT]", "[BTC-USDT, ETH-USDT]", StringComparison.Ordinal)
            + Other + "kafka: {partitions: 24}\ncandles: {intervals: [1m]}\n";
        _target.Answer = new StreamDifference(["a", "b"], ["c"], 38, []);

        var outcome = await _reloader.ReloadAsync("file");

        Assert.Equal(
            "+2 streams, −1, 38 untouched; apex-futures begins; candles of 1m; kafka.partitions needs a restart", outcome.Summary);
        Assert.Equal(["candles 1m", "replan acme BTC-USDT ETH-USDT", "add apex-futures"], _target.Calls);
        Assert.Equal($"topology (file): {outcome.Summary}", Assert.Single(_log.Lines));
        Assert.Equal(1, Reloads("applied"));
        Assert.Equal((2, 12), (_reloader.Running.Venues.Count, _reloader.Running.Kafka.Partitions));

        // Told again until it is reverted; what was followed is not done twice.
        _target.Calls.Clear();
        Assert.Equal("kafka.partitions needs a restart", (await _reloader.ReloadAsync("file")).Summary);
        Assert.Empty(_target.Calls);
        _text = TopologyText.Minimal;
        Assert.Equal("+2 streams, −1, 38 untouched; apex-futures has ended; candles of 1s 5s 15s 30s 1m 3m 5m 15m 30m 1h 2h 4h 6h 12h 1d 1w",
            (await _reloader.ReloadAsync("file")).Summary);
    }

    [Fact]
    public async Task Reload_InvalidEdit_IsToldWithFileLineAndReasonAndChangesNothing()
    {
        _text = TopologyText.Minimal + "    chanels: [trade]\n";

        var outcome = await _reloader.ReloadAsync("file");

        Assert.False(outcome.Applied);
        var error = Assert.Single(outcome.Errors);
        Assert.Equal(("t.yaml", 5, "venues.acme.chanels"), (error.File, error.Line, error.Key));
        Assert.Empty(_target.Calls);
        Assert.StartsWith("topology (file) not taken, what runs stays: t.yaml:5:5: venues.acme.chanels: unknown key", Assert.Single(_log.Lines), StringComparison.Ordinal);
        Assert.Equal(1, Reloads("refused"));
    }

    [Fact]
    public async Task Reload_VenueThatRefuses_StaysAsItWasAndIsAskedAgain()
    {
        _text = TopologyText.Minimal.Replace("[BTC-USDT]", "[ETH-USDT]", StringComparison.Ordinal);
        _target.Fault = new IOException("no room");

        var outcome = await _reloader.ReloadAsync("http");
        Assert.Equal(["acme stays as it was: no room"], outcome.Problems);
        Assert.Equal("BTC-USDT", _reloader.Running.Venues[0].Instruments[0].Name);
        Assert.Equal(1, Reloads("partial"));

        _target.Fault = null;
        Assert.Empty((await _reloader.ReloadAsync("http")).Problems);
        Assert.Equal(["replan acme ETH-USDT", "replan acme ETH-USDT"], _target.Calls);
        Assert.Equal("ETH-USDT", _reloader.Running.Venues[0].Instruments[0].Name);
    }

    [Fact]
    public async Task Reload_SeveralAtOnce_RunOneAfterTheOther()
    {
        _text = TopologyText.Minimal.Replace("[BTC-USDT]", "[ETH-USDT]", StringComparison.Ordinal);
        _target.Hold = new TaskCompletionSource();
        Task<ReloadOutcome>[] all = [.. Enumerable.Range(0, 5).Select(_ => _reloader.ReloadAsync("http"))];
        Assert.Single(_target.Calls);
        Assert.All(all, one => Assert.False(one.IsCompleted));

        _target.Hold.SetResult();
        var outcomes = await Task.WhenAll(all);

        Assert.Single(_target.Calls);
        Assert.Equal(4, outcomes.Count(one => one.Summary == "nothing has changed"));
    }

    private long Reloads(string outcome) =>
        _metrics.Snapshot().Where(one => one.Name == "pipeline.topology.reloads" && one.Tag == outcome).Sum(one => one.Value);

    private sealed class FakeTarget : ITopologyTarget
    {
        public List<string> Calls { get; } = [];

        public StreamDifference Answer { get; set; } = StreamDifference.None;

        public Exception? Fault { get; set; }

        public TaskCompletionSource? Hold { get; set; }

        public void SetCandles(CandleOptions candles) => Calls.Add($"candles {string.Join(' ', candles.Intervals)}");

        public void AddVenue(VenueOptions venue) => Calls.Add($"add {venue.Name}");

        public Task RemoveVenueAsync(string venue)
        {
            Calls.Add($"remove {venue}");
            return Task.CompletedTask;
        }

        public async Task<VenueChange> ReplanAsync(VenueOptions venue)
        {
            Calls.Add($"replan {venue.Name} {string.Join(' ', venue.Instruments)}");
            if (Hold is not null)
            {
                await Hold.Task;
            }

            return Fault is null ? new VenueChange(venue.Name, Answer, []) : throw Fault;
        }
    }
}
