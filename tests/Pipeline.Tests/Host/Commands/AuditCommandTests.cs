using System.Globalization;
using System.Text.Json;
using Pipeline.Core.Market;
using Pipeline.Host;
using Pipeline.Host.Auditing;
using Pipeline.Host.Commands;
using Pipeline.Tests.Audit;
using Pipeline.Tests.Kafka;
using Pipeline.Tests.Simulator;

namespace Pipeline.Tests.Host.Commands;

public sealed class AuditCommandTests : IAsyncLifetime, IDisposable
{
    private readonly BrokerHarness _broker = BrokerHarness.Start();
    private readonly TemporaryFolder _folder = new();
    private readonly AuditWorld _world = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _broker.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Audit_NothingThere_ProvesNothing()
    {
        var run = await RunAsync();
        Assert.Equal(AuditExit.Nothing, run.Code);
        Assert.Contains("0 candles checked, 0 differ", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_NoTopics_CannotSay()
    {
        var run = await RunAsync(prefix: "other");
        Assert.Equal(AuditExit.Cannot, run.Code);
        Assert.Contains("other.venue-candles", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--interval", "7m")]
    [InlineData("--from", "yesterday")]
    public async Task Audit_WrongOption_IsRefused(string option, string value)
    {
        var run = await RunAsync([option, value]);
        Assert.Equal(ExitCodes.Invalid, run.Code);
        Assert.Contains(value, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_FollowAndRest_ExcludeEachOther() =>
        Assert.Equal(ExitCodes.Invalid, (await RunAsync(["--follow", "--rest"])).Code);

    [Fact]
    public async Task Audit_Differences_AreCountedAndNamedWithFieldAndCause()
    {
        // Twenty minutes; one false, one corrected, one that we have not, the last not told by the venue.
        var batch = new MarketBatch();
        for (var minute = 0; minute < 20; minute++)
        {
            var open = AuditWorld.Open + (minute * AuditWorld.Minute);
            batch.Add(_world.Ours(open) with { State = CandleState.Forming, Close = Number.Parse("1") });
            if (minute != 7)
            {
                batch.Add(_world.Ours(open));
            }

            if (minute is 3 or 5)
            {
                batch.Add(_world.Venue(open) with { Close = Number.Parse("105.01") });
            }

            if (minute is not (3 or 19))
            {
                batch.Add(_world.Venue(open));
            }
        }

        await WriteAsync(batch);
        var run = await RunAsync();
        Assert.Equal(AuditExit.Differ, run.Code);
        Assert.Contains(
            "19 candles checked, 2 differ: venue-differs 1, missing 1; 1 differed and agree now: venue-corrected 1", run.Out, StringComparison.Ordinal);
        Assert.Contains("1 of ours without the venue's", run.Out, StringComparison.Ordinal);
        Assert.Matches(@"binance:BTC-USDT +1m +2026-\d\d-\d\d \d\d:\d\d:\d\dZ +close +105 +105\.01 +venue-differs", run.Out);
        Assert.Matches(@"close +105 +105 +105\.01 +venue-corrected, agrees now", run.Out);

        var json = await RunAsync(["--json"]);
        using var answer = JsonDocument.Parse(json.Out);
        var root = answer.RootElement;
        int[] counts = [.. new[] { "checked", "equal", "differ", "agreeNow" }.Select(name => root.GetProperty(name).GetInt32())];
        Assert.Equal([19, 16, 2, 1], counts);
        Assert.Equal((AuditExit.Differ, 3), (json.Code, root.GetProperty("findings").GetArrayLength()));

        Assert.Equal(ExitCodes.Ok, (await RunAsync(["--to", Time(3)])).Code);
        Assert.Contains("3 candles checked, 0 differ", (await RunAsync(["--to", Time(3)])).Out, StringComparison.Ordinal);
        Assert.Contains("1 candles checked, 1 differ", (await RunAsync(["--from", Time(3), "--to", Time(4)])).Out, StringComparison.Ordinal);
        Assert.Equal(AuditExit.Nothing, (await RunAsync(["--instrument", "ETH-USDT"])).Code);
        Assert.Equal(AuditExit.Nothing, (await RunAsync(["--interval", "5m"])).Code);
    }

    [Fact]
    public async Task Audit_Rest_AsksTheVenueForWhatWeHave()
    {
        await using var simulation = await Simulation.StartAsync(Simulation.Options with { TradesPerSecond = 2, QuotesPerSecond = 1 });
        simulation.Clock.Advance(TimeSpan.FromSeconds(61));
        await simulation.FaultAsync("""{"id":"F70","parameters":{"field":"high"}}""");
        simulation.Clock.Advance(TimeSpan.FromMinutes(150));
        var batch = new MarketBatch();
        var truth = await simulation.GetAsync("/truth/candles?symbol=BTCUSDT&interval=1m");
        foreach (var bar in truth.GetProperty("candles").EnumerateArray().Skip(1).Where(bar => bar.GetProperty("closed").GetBoolean()))
        {
            batch.Add(Of(bar));
        }

        await WriteAsync(batch);
        var run = await RunAsync(["--rest"], simulation.Host.BinanceSpotUri, simulation.Clock);
        Assert.Equal(string.Empty, run.Error);
        Assert.Contains("150 candles checked, 1 differ: venue-differs 1", run.Out, StringComparison.Ordinal);
        Assert.Matches("BTC-USDT +1m .* high ", run.Out);
        Assert.Equal(AuditExit.Differ, run.Code);
    }

    private Candle Of(JsonElement bar) => _world.Ours(bar.GetProperty("openTime").GetInt64()) with
    {
        Open = Number.Parse(bar.GetProperty("open").GetString()!),
        High = Number.Parse(bar.GetProperty("high").GetString()!),
        Low = Number.Parse(bar.GetProperty("low").GetString()!),
        Close = Number.Parse(bar.GetProperty("close").GetString()!),
        Volume = Number.Parse(bar.GetProperty("volume").GetString()!),
        QuoteVolume = Number.Parse(bar.GetProperty("quoteVolume").GetString()!),
        TakerBuyVolume = Number.Parse(bar.GetProperty("takerBuyVolume").GetString()!),
        Trades = bar.GetProperty("trades").GetInt64(),
        FirstId = bar.GetProperty("firstId").GetInt64(),
        LastId = bar.GetProperty("lastId").GetInt64(),
    };

    private static string Time(int minute) =>
        MarketTime.ToInstant(AuditWorld.Open + (minute * AuditWorld.Minute)).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private async Task WriteAsync(MarketBatch batch)
    {
        await using var sink = await _broker.StartSinkAsync();
        await sink.WriteAsync(batch, _broker.Cancellation);
        await sink.FlushAsync(_broker.Cancellation);
    }

    private async Task<(int Code, string Out, string Error)> RunAsync(
        string[]? arguments = null, Uri? venue = null, TimeProvider? time = null, string prefix = "md")
    {
        var http = venue is null ? "http://127.0.0.1:1" : new UriBuilder(venue) { Scheme = "http" }.Uri.ToString().TrimEnd('/');
        _folder.Write("a.yaml", $$"""
            kafka: {bootstrapServers: "{{_broker.Options.BootstrapServers}}", embedded: true, topicPrefix: {{prefix}}, partitions: {{BrokerHarness.Partitions}}}
            venues:
              binance:
                endpoints: {webSocket: ws://127.0.0.1:9443, rest: "{{http}}"}
                instruments: [BTC-USDT]
                tradeSource: trade
            """);
        var run = new CommandRun(_folder.Path);
        var command = AuditCommand.Create(run.Context with { Time = time ?? TimeProvider.System });
        return (await run.RunAsync(command, ["audit", "--topology", "a.yaml", .. arguments ?? []]), run.Out, run.Error);
    }
}
