using System.Text.Json;
using Pipeline.Core.Market;
using Pipeline.Host;
using Pipeline.Host.Commands;
using Pipeline.Host.Venues;
using Pipeline.Tests.Kafka;
using Pipeline.Tests.Simulator;

namespace Pipeline.Tests.Host.Commands;

/// <summary><c>pipeline verify --against venue</c>: a log as a collector would have written it, against the REST interfaces of a simulator.</summary>
public sealed class VerifyAgainstVenueTests : IAsyncLifetime, IDisposable
{
    private const long Minute = 60_000_000;

    private readonly BrokerHarness _broker = BrokerHarness.Start();
    private readonly TemporaryFolder _folder = new();
    private Simulation _venue = null!;

    public async Task InitializeAsync() => _venue = await Simulation.StartAsync(Simulation.Options with
    {
        BybitListen = new Uri("http://127.0.0.1:0"),
        TradesPerSecond = 0.5,
        QuotesPerSecond = 1,
    });

    public async Task DisposeAsync()
    {
        await _venue.DisposeAsync();
        await _broker.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Log_AsTheVenueTellsIt_IsProven()
    {
        await WriteMinutesAsync(150);
        var (code, proof, error) = await RunAsync();
        Assert.True(code == ExitCodes.Ok, $"{proof}{error}");
        var counts = proof.GetProperty("counts");
        Assert.Equal((counts.GetProperty("ids").GetInt64(), 149L), (counts.GetProperty("compared").GetInt64(), counts.GetProperty("candlesCompared").GetInt64()));
        Assert.Equal(149, counts.GetProperty("candlesEqual").GetInt64());

        // The first, of which the log does not have all, says so.
        Assert.Equal("not-judged", Assert.Single(proof.GetProperty("findings").EnumerateArray()).GetProperty("kind").GetString());
    }

    [Fact]
    public async Task Candle_ThatTheVenueTellsOtherwise_IsAContradiction()
    {
        _venue.Clock.Advance(TimeSpan.FromSeconds(61));
        await _venue.FaultAsync("""{"id":"F70","parameters":{"field":"high"}}""");
        await WriteMinutesAsync(4);
        var (code, proof, _) = await RunAsync();
        Assert.Equal(ExitCodes.Failed, code);
        var finding = Assert.Single(proof.GetProperty("findings").EnumerateArray(), one => one.GetProperty("severity").GetString() != "note");
        Assert.Equal(("differs-from-venue", "md.candles"), (finding.GetProperty("kind").GetString(), finding.GetProperty("topic").GetString()));
        Assert.Matches("1m candle of [0-9]+, venue-differs: high is [0-9.]+, the venue's is [0-9.]+", finding.GetProperty("what").GetString());
    }

    [Fact]
    public async Task Candle_ThatTheVenueHasAndTheLogHasNot_IsAContradiction()
    {
        // The one lacks a minute in the middle, the other is of an interval that the venue does not have.
        await WriteMinutesAsync(6, without: 3, intervals: ["1m", "5s"]);
        var (code, proof, _) = await RunAsync("1m, 5s");
        Assert.Equal(ExitCodes.Failed, code);
        Assert.Equal(1, CountOf(proof, "lost-to-venue"));
        Assert.Equal(1, CountOf(proof, "missing-final"));
        Assert.Equal(2, CountOf(proof, "not-judged"));
        Assert.Contains(proof.GetProperty("findings").EnumerateArray(), one => one.GetProperty("what").GetString()!.StartsWith("binance has no 5s candles", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Venue_ThatCannotBeAsked_ProvesNothing(bool hasAddress)
    {
        await WriteMinutesAsync(3);
        var (code, proof, error) = await RunAsync(rest: hasAddress ? "http://127.0.0.1:1" : null, time: TimeProvider.System);
        Assert.Equal(ExitCodes.CannotProve, code);
        Assert.True(CountOf(proof, "venue-forgot") > 1, proof.ToString());
        Assert.Equal(0, proof.GetProperty("counts").GetProperty("candlesCompared").GetInt64());
        Assert.Contains("not compared: binance", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ids_WithoutOrder_AreProvenAsFarAsTheVenuesNewestPageReaches()
    {
        // Bybit tells its newest 60 trades, whatever is asked.
        _venue.Clock.Advance(TimeSpan.FromSeconds(30));
        var all = await TradesAsync("bybit");
        Assert.InRange(all.Count, 20, 60);
        await WriteAsync("bybit", all[3..^3]);
        var (code, proof, error) = await RunAsync(venue: "bybit", topics: "trades");
        Assert.True(code == ExitCodes.Ok, $"{proof}{error}");
        Assert.Equal(all.Count - 6, proof.GetProperty("counts").GetProperty("compared").GetInt64());

        _venue.Clock.Advance(TimeSpan.FromSeconds(60));
        (code, proof, _) = await RunAsync(venue: "bybit", topics: "trades");
        Assert.Equal(ExitCodes.CannotProve, code);
        Assert.Equal(0, CountOf(proof, "invented") + CountOf(proof, "lost-to-venue"));
        Assert.Equal(1, CountOf(proof, "unordered-ids"));
    }

    [Fact]
    public async Task Ids_WithoutOrder_OfWhichOneIsMissing_AreContradictedByVenueAndSimulator()
    {
        _venue.Clock.Advance(TimeSpan.FromSeconds(30));
        var all = await TradesAsync("bybit");
        await WriteAsync("bybit", [.. all.Where((_, i) => i != 10)]);
        foreach (var against in new[] { "venue", _venue.Host.ControlUri.ToString() })
        {
            var (code, proof, error) = await RunAsync(venue: "bybit", topics: "trades", against: against);
            Assert.True(code == ExitCodes.Failed, $"{proof}{error}");
            Assert.Equal(1, CountOf(proof, "lost-to-venue"));
            Assert.Contains(proof.GetProperty("findings").EnumerateArray(), one => one.GetProperty("what").GetString()!.StartsWith($"trade {all[10].Id} ", StringComparison.Ordinal));
        }
    }

    private static long CountOf(JsonElement proof, string kind) =>
        proof.GetProperty("kinds").TryGetProperty(kind, out var count) ? count.GetInt64() : 0;

    /// <summary>Trades and candles of so many minutes, of which the first is not whole.</summary>
    private async Task WriteMinutesAsync(int minutes, int without = -1, string[]? intervals = null)
    {
        _venue.Clock.Advance(TimeSpan.FromSeconds(minutes * 60));
        var trades = await TradesAsync("binance");
        trades.RemoveRange(0, 20);
        var batch = new MarketBatch();
        foreach (var interval in (intervals ?? ["1m"]).Select(CandleInterval.Parse))
        {
            var windows = trades.GroupBy(trade => interval.OpenOf(trade.EventTime)).SkipLast(1).ToList();
            foreach (var (window, i) in windows.Select((window, i) => (window, i)).Where(one => one.i != without || interval.Microseconds != Minute))
            {
                batch.Add(Fold(interval, window.Key, [.. window]) with { Complete = i > 0 });
            }
        }

        await WriteAsync("binance", trades, batch);
    }

    private async Task<List<Trade>> TradesAsync(string venue)
    {
        var instrument = InstrumentOf(venue);
        var truth = await _venue.GetAsync($"/truth/trades?venue={venue}&symbol=BTCUSDT&limit=100000");
        return [.. truth.GetProperty("trades").EnumerateArray().Select(trade => new Trade(
            instrument,
            trade.GetProperty("id").GetInt64(),
            trade.GetProperty("id").GetInt64(),
            Number.Parse(trade.GetProperty("price").GetString()!),
            Number.Parse(trade.GetProperty("quantity").GetString()!),
            trade.GetProperty("side").GetString() == "buy" ? AggressorSide.Buy : AggressorSide.Sell,
            Fills: 1,
            TradeKind.Market,
            trade.GetProperty("time").GetInt64() / 1000 * 1000,
            trade.GetProperty("time").GetInt64() + 5_000,
            TradeSource.Live,
            AfterGap: false))];
    }

    private static Instrument InstrumentOf(string venue) => new(0, venue, "BTC-USDT", "BTCUSDT", KnownVenues.Adapter(venue).RulesFor("trade"));

    private static Candle Fold(CandleInterval interval, long openTime, List<Trade> trades)
    {
        WideNumber volume = Number.Zero, turnover = Number.Zero, takerBuy = Number.Zero;
        foreach (var trade in trades)
        {
            WideNumber.TryAdd(volume, trade.Quantity, out volume);
            WideNumber.TryAdd(turnover, WideNumber.Multiply(trade.Price, trade.Quantity), out turnover);
            WideNumber.TryAdd(takerBuy, trade.Side == AggressorSide.Buy ? trade.Quantity : Number.Zero, out takerBuy);
        }

        return new Candle(
            trades[0].Instrument, interval, openTime, trades[0].Price, trades.Max(trade => trade.Price), trades.Min(trade => trade.Price), trades[^1].Price,
            volume, turnover, takerBuy, trades.Count, trades[0].Id, trades[^1].Id, CandleState.Final, Revision: 0, Complete: true, Updates: 1,
            CandleSource.Trades, ReceivedTime: openTime + interval.Microseconds);
    }

    private async Task WriteAsync(string venue, List<Trade> trades, MarketBatch? candles = null)
    {
        await using var sink = await _broker.StartSinkAsync();
        foreach (var chunk in trades.Chunk(1_000))
        {
            var batch = new MarketBatch { Connection = $"{venue}-1" };
            foreach (var trade in chunk)
            {
                batch.Add(trade);
            }

            await sink.WriteAsync(batch, _broker.Cancellation);
        }

        if (candles is not null)
        {
            await sink.WriteAsync(candles, _broker.Cancellation);
        }

        await sink.FlushAsync(_broker.Cancellation);
    }

    private async Task<(int Code, JsonElement Proof, string Error)> RunAsync(
        string intervals = "1m", string venue = "binance", string topics = "trades,candles,gaps", string? rest = "", string against = "venue",
        TimeProvider? time = null)
    {
        var address = venue == "bybit" ? _venue.Host.BybitUri! : _venue.Host.BinanceSpotUri;
        var http = rest is { Length: > 0 } ? rest : new UriBuilder(address) { Scheme = "http" }.Uri.ToString().TrimEnd('/');
        _folder.Write("a.yaml", $$"""
            kafka: {bootstrapServers: "{{_broker.Options.BootstrapServers}}", embedded: true, partitions: {{BrokerHarness.Partitions}}}
            candles: {intervals: [{{intervals}}]}
            venues:
              {{venue}}:
                endpoints: {webSocket: ws://127.0.0.1:9443{{(rest is null ? "" : $", rest: \"{http}\"")}}}
                instruments: [BTC-USDT]
            {{(venue == "bybit" ? "" : "    tradeSource: trade")}}
            """);
        var run = new CommandRun(_folder.Path);
        var command = VerifyCommand.Create(run.Context with { Time = time ?? _venue.Clock });
        var code = await run.RunAsync(command, ["verify", "--topology", "a.yaml", "--json", "--topics", topics, "--against", against]);
        Assert.True(run.Out.StartsWith('{'), $"{code} {run.Out}{run.Error}");
        return (code, JsonDocument.Parse(run.Out).RootElement, run.Error);
    }
}
