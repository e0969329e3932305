using System.Globalization;
using System.Text;
using Pipeline.Core.Candles;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Graph;
using Pipeline.Core.Market;
using Pipeline.TestKit.Time;
using Pipeline.Venues.Binance;

namespace Pipeline.Tests.Graph;

/// <summary>Partitions of a graph that come and go; partition of an instrument is its number.</summary>
public sealed class PartitionGatesTests : IDisposable
{
    private const int Partitions = 3;

    private readonly PipelineMetrics _metrics = new();
    private readonly CollectingSink _sink = new();
    private readonly TestTimeProvider _clock = new();
    private readonly List<string> _asked = [];
    private readonly FeedSource _source = MakeSource();
    private readonly PartitionGates _gates;
    private Func<Instrument, InstrumentState?> _restore = _ => null;

    public PartitionGatesTests() => _gates = new PartitionGates(Partitions, _metrics);

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public async Task Take_APartitionIsForeign_ItsTradesArePassedOverAndCountedTheOthersPass()
    {
        await using var graph = CreateSut();
        await graph.OpenAsync(1, 0);

        await TakeAsync(graph, Frame(1, "S0"), Frame(1, "S1"), Frame(2, "S1"));
        await graph.CompleteAsync();

        Assert.Equal(["S1 1", "S1 2"], Trades);
        Assert.Equal(1, Dropped("foreign-partition"));
        Assert.Equal(["S1"], _asked.Distinct());
    }

    [Fact]
    public async Task Open_WhatWasHeld_GoesOnInOrderFromTheRestoredStateAndNothingIsAskedBefore()
    {
        await using var graph = CreateSut();
        await graph.HoldAsync(2);
        await TakeAsync(graph, Frame(7, "S2"));
        await TakeAsync(graph, Frame(8, "S2"), Frame(9, "S2"));
        await UntilAsync(() => _gates.Held == 3);
        Assert.Empty(_asked);

        // Known by then: its owner wrote up to 8.
        _restore = instrument => new InstrumentState(instrument) { Trades = new TradeSeriesState { Frontier = 8, FrontierTime = 1 } };
        await graph.OpenAsync(2, 0);
        await TakeAsync(graph, Frame(10, "S2"));
        await graph.CompleteAsync();

        Assert.Equal(["S2 9", "S2 10"], Trades);
        Assert.Equal(0, _gates.Held);
        Assert.Equal(2, Dropped("duplicate"));
    }

    [Fact]
    public async Task Leave_TheStationsForgetItsInstruments_AndAskAnewWhenItComesBack()
    {
        await using var graph = CreateSut();
        await graph.OpenAsync(0, 0);
        await graph.OpenAsync(1, 0);
        await TakeAsync(graph, Frame(1, "S0"), Frame(1, "S1"));
        await UntilAsync(() => _sink.TradeCount == 2);

        await graph.LeaveAsync(0);
        await TakeAsync(graph, Frame(2, "S0"), Frame(2, "S1"));
        await UntilAsync(() => Dropped("foreign-partition") == 1);
        await graph.HoldAsync(0);
        await TakeAsync(graph, Frame(5, "S0"));
        await UntilAsync(() => _gates.Held == 1);

        // Another wrote 2 to 4 meanwhile.
        _restore = instrument => new InstrumentState(instrument) { Trades = new TradeSeriesState { Frontier = 4, FrontierTime = 1 } };
        await graph.OpenAsync(0, 0);
        await graph.CompleteAsync();

        Assert.Equal(["S0 1", "S0 5"], Trades.Where(trade => trade.StartsWith("S0", StringComparison.Ordinal)));
        Assert.Equal(["S1 1", "S1 2"], Trades.Where(trade => trade.StartsWith("S1", StringComparison.Ordinal)));

        // Stations 4 and 5, in each of its two lives.
        Assert.Equal(4, _asked.Count(symbol => symbol == "S0"));
        Assert.Equal(1, Dropped("foreign-partition"));
    }

    [Fact]
    public async Task Hold_MoreThanIsHeld_TheOldestGoAndAreCounted()
    {
        await using var graph = CreateSut();
        await graph.HoldAsync(0);
        var frames = Enumerable.Range(1, 100).Select(id => Frame(id, "S0")).ToArray();
        for (var i = 0; i < (PartitionGates.MostHeld / 100) + 3; i++)
        {
            await TakeAsync(graph, frames);
        }

        await UntilAsync(() => Dropped("held-full") == 300);
        Assert.Equal(PartitionGates.MostHeld, _gates.Held);
    }

    [Fact]
    public async Task Tell_HealthOfAPartitionThatIsHeld_ComesWhenItOpensAndThatOfAForeignOneNever()
    {
        await using var graph = CreateSut();
        await graph.HoldAsync(1);
        Assert.True(await graph.TellAsync(Health("S1")));
        Assert.True(await graph.TellAsync(Health("S0")));

        await graph.OpenAsync(1, long.MaxValue);
        await graph.CompleteAsync();

        Assert.Equal("S1", Assert.Single(_sink.Health).Health.Instrument.Symbol);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var bound = new CancellationTokenSource(RealTime.Bound);
        while (!condition())
        {
            bound.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private IEnumerable<string> Trades => _sink.Trades.Select(trade => $"{trade.Instrument.Symbol} {trade.Id}");

    private static FeedSource MakeSource()
    {
        var symbols = new SymbolTable();
        for (var i = 0; i < Partitions; i++)
        {
            symbols.Add(new Instrument(i, "binance", $"S{i}", $"S{i}"));
        }

        return new FeedSource("binance", "binance-1", new BinanceSpotParser(), symbols, 1000);
    }

    private StreamHealth Health(string symbol) => new(
        _source.Symbols[_source.Symbols.Find(Encoding.ASCII.GetBytes(symbol))], "trade", HealthState.Fresh, "data", "binance-1", 1, 1, 1);

    private static byte[] Frame(long id, string symbol) => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $$$"""{"e":"trade","E":{{{id}}},"s":"{{{symbol}}}","t":{{{id}}},"p":"1.50","q":"2.00","T":{{{id}}},"m":true,"M":true}"""));

    private long Dropped(string reason) => _metrics.Snapshot()
        .Where(sample => sample.Name == "pipeline.graph.dropped" && sample.Detail == reason).Sum(sample => sample.Value);

    private async Task TakeAsync(PipelineGraph graph, params byte[][] frames)
    {
        var batch = FrameBatch.Of(_source, MarketTime.From(DateTimeOffset.UnixEpoch.AddSeconds(1)), frames);
        graph.Take(batch);
        await batch.Released;
        batch.Release();
    }

    private PipelineGraph CreateSut() => new(
        new GraphOptions { EntranceCapacity = 4, BlockCapacity = 2, Lanes = 2 },
        new CandleOptions(),
        instrument => instrument.Index,
        _sink,
        _metrics,
        _clock,
        restore: instrument =>
        {
            lock (_asked)
            {
                _asked.Add(instrument.Symbol);
            }

            return _restore(instrument);
        },
        gates: _gates);
}
