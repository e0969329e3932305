using Pipeline.Core.Audit;
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
internal sealed class LaneStations(
    Sequencer sequencer,
    DisplayFilter? filter,
    BookStation books,
    CandleWindows windows,
    CheckpointTrigger? checkpoints,
    AuditStage? audit,
    Func<Instrument, int>? partitionOf)
{
    /// <summary>When station 4 wants a batch even if nothing happens, by the market clock; the maximum when never.</summary>
    public long SequenceDeadline =>
        Math.Min(Math.Min(sequencer.NextDeadline, books.NextDeadline), checkpoints?.NextDeadline ?? long.MaxValue);

    /// <summary>The same of station 5.</summary>
    public long WindowDeadline => Math.Min(windows.NextDeadline, audit?.NextDeadline ?? long.MaxValue);

    /// <param name="clocks">The venues' clocks, which station 3 sets.</param>
    /// <param name="sequencer">Null = one that can ask nobody for what is missing.</param>
    /// <param name="restore">Null = nothing is known of before.</param>
    /// <param name="checkpoints">Null = none are made.</param>
    /// <param name="audit">Null = candles are not compared.</param>
    /// <param name="backfill">Null = nobody is asked for candles of before.</param>
    /// <param name="partitionOf">Null = no partition ever leaves.</param>
    public static LaneStations Of(
        CandleSettings candles,
        BookOptions books,
        IBookSnapshots? snapshots,
        DisplayFilterOptions? display,
        PipelineMetrics metrics,
        VenueClocks clocks,
        Sequencer? sequencer = null,
        Func<Instrument, CandleSeriesState?>? restore = null,
        CheckpointTrigger? checkpoints = null,
        AuditStage? audit = null,
        ICandleBackfill? backfill = null,
        Func<Instrument, int>? partitionOf = null)
    {
        var filter = DisplayFilter.Of(display);
        return new LaneStations(
            sequencer ?? new Sequencer(metrics),
            filter,
            new BookStation(books, snapshots, metrics, filter),
            new CandleWindows(candles, metrics, clocks, restore, backfill),
            checkpoints,
            audit,
            partitionOf);
    }

    /// <summary>Station 4: one copy, in order; behind it the display filter and the books.</summary>
    public void Sequence(MarketBatch batch)
    {
        checkpoints?.Look(batch);
        if (batch.Forgotten is { } instrument)
        {
            sequencer.Forget(instrument, batch);
            books.Forget(instrument);
        }

        foreach (var left in Left(batch, sequencer.Known))
        {
            sequencer.Forget(left, batch);
        }

        if (batch.Left is not null)
        {
            // Open holes end for us, not for whoever has the partition now: it asks for them.
            batch.Events.Clear();
        }

        foreach (var left in Left(batch, books.Known))
        {
            books.Forget(left);
        }

        sequencer.Process(batch);
        filter?.Mark(batch);
        books.Process(batch);
    }

    /// <summary>Station 5: candle windows, and behind them the audit.</summary>
    public void Window(MarketBatch batch)
    {
        if (batch.Forgotten is { } instrument)
        {
            windows.Forget(instrument);
        }

        foreach (var left in Left(batch, windows.Known))
        {
            windows.Forget(left);
        }

        windows.Process(batch);
        foreach (var left in Left(batch, audit?.Known ?? []))
        {
            audit!.Forget(left);
        }

        audit?.Process(batch);
    }

    private Instrument[] Left(MarketBatch batch, IEnumerable<Instrument> known) =>
        batch.Left is { } partition ? [.. known.Where(instrument => partitionOf!(instrument) == partition)] : [];
}
