using System.Globalization;
using System.Text;
using Pipeline.Core.Candles;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Graph;
using Pipeline.Core.Market;
using Pipeline.Venues.Binance;

namespace Pipeline.Tests.Graph;

public sealed class ReplayLineTests : IDisposable
{
    private const long Start = 1_680_652_800_000_000;

    private static readonly CandleOptions OneMinute = new() { Intervals = [CandleInterval.Parse("1m")] };

    private readonly PipelineMetrics _metrics = new();
    private readonly CollectingSink _sink = new();
    private readonly FeedSource _source = MakeSource();

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public async Task TakeAsync_FormingCandleHeldBackByItsPace_LeavesWhenItIsDueAndBeforeWhatArrivedLater()
    {
        var line = new ReplayLine(OneMinute, _sink, _metrics);
        await TakeAsync(line, 1, 0);
        await TakeAsync(line, 2, 100_000);
        Assert.Equal([1L], _sink.Candles.Select(candle => candle.Trades));
        Assert.Equal(0, line.Ticks);
        await TakeAsync(line, 3, 10_000_000);

        // The second is said on its own, a pace after the first: the third is not in it.
        Assert.Equal([1L, 2L, 3L], _sink.Candles.Select(candle => candle.Trades));
        Assert.True(line.Ticks >= 1);
        Assert.Equal(Start + 10_000_000, line.Now);
    }

    [Fact]
    public async Task TakeAsync_ArrivalTimesThatGoBack_DoNotTurnTheClockBack()
    {
        var line = new ReplayLine(OneMinute, _sink, _metrics);
        await TakeAsync(line, 1, 5_000);
        await TakeAsync(line, 2, 4_000);
        Assert.Equal(Start + 5_000, line.Now);
        Assert.Equal([1L, 2L], _sink.Trades.Select(trade => trade.Id));
    }

    [Fact]
    public async Task CompleteAsync_Always_FlushesTheSink()
    {
        var line = new ReplayLine(OneMinute, new ReplayMark(_sink), _metrics);
        await TakeAsync(line, 1, 0);
        await line.CompleteAsync();
        Assert.Equal(1, _sink.Flushes);
        Assert.Equal(TradeSource.Replay, Assert.Single(_sink.Trades).Source);
    }

    private static FeedSource MakeSource()
    {
        var symbols = new SymbolTable();
        symbols.Add(new Instrument(0, "binance", "BTC-USDT", "BTCUSDT"));
        return new FeedSource("binance", "binance-1", new BinanceSpotAdapter().Parser, symbols, 1000);
    }

    private ValueTask TakeAsync(ReplayLine line, int id, long after)
    {
        var time = Start + after;
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"stream":"btcusdt@trade","data":{"e":"trade","E":{{time / 1000}},"s":"BTCUSDT","t":{{id}},"p":"1","q":"1","T":{{time / 1000}},"m":true,"M":true} }""");
        return line.TakeAsync(FrameBatch.Of(_source, time, Encoding.UTF8.GetBytes(text)));
    }
}
