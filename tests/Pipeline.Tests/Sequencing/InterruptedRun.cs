using Pipeline.Core.Candles;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;
using Pipeline.Tests.Candles;
using Pipeline.Tests.Restart;
using static Pipeline.Tests.Market.TestMarket;

namespace Pipeline.Tests.Sequencing;

/// <summary>
/// Stations 4 and 5 over trades that arrive anyhow, or are shown by the venue long after, and over processes that end: each goes on from the
/// state that the one before wrote, as the codec of the records leaves it, and from the log behind it.
/// </summary>
internal sealed class InterruptedRun : IDisposable
{
    // Behind the last trade, so that windows up to a day close.
    private const long Day = 86_400_000_000L + 60_000_000;

    private static readonly CandleOptions Options = new() { Live = [] };

    private readonly PipelineMetrics _metrics = new();
    private readonly HandedOver _log = new();

    public InterruptedRun(Passage[] passages, RepairManner manner, Interruption[] interruptions, long start)
    {
        Candles = new CandleWorld(Options, _metrics) { Out = _log.Take };
        World = new RepairWorld(passages, manner, start) { Behind = (Candles.Take, Candles.RunTo) };
        World.At(start, TellFresh);
        var length = World.Truth.Count == 0 ? 0 : World.Truth[^1].EventTime - start;
        foreach (var (at, checkpointAt, down) in interruptions)
        {
            World.At(start + (length * checkpointAt / 1_000), () => World.Process(new MarketBatch { Now = World.Now, IsCheckpoint = true }));
            World.At(start + (length * at / 1_000), () => Restart(down * 1_000L));
        }
    }

    public RepairWorld World { get; }

    public CandleWorld Candles { get; }

    public long Unrevisable =>
        _metrics.Snapshot().Where(one => one.Name == "pipeline.candles.remarks" && one.Detail == "unrevisable").Sum(one => one.Value);

    public void Run()
    {
        World.Run();
        Assert.True(World.IsIdle);
        Candles.RunTo(World.Now + Day);
    }

    public void Dispose()
    {
        World.Dispose();
        _metrics.Dispose();
    }

    private void TellFresh() => World.Process(Fresh());

    private MarketBatch Fresh()
    {
        var batch = new MarketBatch { Now = World.Now };
        batch.Add(new StreamHealth(Bitcoin, "trade", HealthState.Fresh, "test", "c", World.Now, LastEventTime: 0, World.Now));
        return batch;
    }

    private void Restart(long down)
    {
        var restored = _log.Restore(Options, World.Now, isMarkerLost: false);
        foreach (var gap in restored.GapsToWrite)
        {
            _log.Add(gap);
        }

        foreach (var candle in restored.CandlesToWrite)
        {
            _log.Add(candle);
            Candles.Note(candle);
        }

        World.Restart(instrument => restored.StateOf(instrument)?.Trades, down);
        Candles.Restart(instrument => restored.StateOf(instrument)?.Candles, Bitcoin);
        TellFresh();
    }
}
