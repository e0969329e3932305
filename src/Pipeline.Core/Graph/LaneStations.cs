using Pipeline.Core.Books;
using Pipeline.Core.Candles;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;
using Pipeline.Core.Sequencing;

namespace Pipeline.Core.Graph;

/// <summary>
/// Stations 4 and 5 of one lane, wired once: for the graph, where each has a thread and a clock of its own, and for a replay, where both
/// run in turn on a clock that the recording moves. Plain: no timer, no clock.
/// </summary>
internal sealed class LaneStations(Sequencer sequencer, DisplayFilter? filter, BookStation books, CandleWindows windows)
{
    /// <summary>When station 4 wants a batch even if nothing happens, by the market clock; the maximum when never.</summary>
    public long SequenceDeadline => Math.Min(sequencer.NextDeadline, books.NextDeadline);

    /// <summary>The same of station 5.</summary>
    public long WindowDeadline => windows.NextDeadline;

    public static LaneStations Of(
        CandleSettings candles, BookOptions books, IBookSnapshots? snapshots, DisplayFilterOptions? display, PipelineMetrics metrics)
    {
        var filter = DisplayFilter.Of(display);
        return new LaneStations(
            new Sequencer(metrics), filter, new BookStation(books, snapshots, metrics, filter), new CandleWindows(candles, metrics));
    }

    /// <summary>Station 4: one copy, in order; behind it the display filter and the books.</summary>
    public void Sequence(MarketBatch batch)
    {
        if (batch.Forgotten is { } instrument)
        {
            sequencer.Forget(instrument);
            books.Forget(instrument);
        }

        sequencer.Process(batch);
        filter?.Mark(batch);
        books.Process(batch);
    }

    /// <summary>Station 5: candle windows.</summary>
    public void Window(MarketBatch batch)
    {
        if (batch.Forgotten is { } instrument)
        {
            windows.Forget(instrument);
        }

        windows.Process(batch);
    }
}
