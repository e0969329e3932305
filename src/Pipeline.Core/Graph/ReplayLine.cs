using Pipeline.Core.Books;
using Pipeline.Core.Candles;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Core.Sequencing;

namespace Pipeline.Core.Graph;

/// <summary>
/// Stations 2 to 6 in one line, each batch through all of them before the next: a recording as fast as the machine can, on a clock that
/// the recording itself moves. What the stations want done at a time is done at that time, before anything that arrived later. So the
/// output depends on the frames, their times and the options alone, and is the same each time. For one caller at a time.
/// </summary>
public sealed class ReplayLine
{
    // A station that stays due at one and the same time would stop the clock: after so many ticks it goes on a millisecond, as it
    // would have by then anyway.
    private const int MostTicksAtOnce = 1_000;
    private const long Step = 1_000;

    private readonly VenueBatchPool _venueBatches = new();
    private readonly MarketBatchPool _marketBatches = new();
    private readonly IMarketSink _sink;
    private readonly Normalizer _normalizer;
    private readonly LaneStations _stations;

    /// <param name="books">Null = the defaults. Lost books get no snapshot but those of the recording.</param>
    /// <param name="display">Null = the display filter is off.</param>
    public ReplayLine(
        CandleOptions candles, IMarketSink sink, PipelineMetrics metrics, BookOptions? books = null, DisplayFilterOptions? display = null)
    {
        ArgumentNullException.ThrowIfNull(candles);
        ArgumentNullException.ThrowIfNull(sink);
        ArgumentNullException.ThrowIfNull(metrics);
        _sink = sink;

        // One lane: an instrument's records do not depend on the others of its lane, and so neither on the number of lanes.
        var clocks = new VenueClocks();
        _normalizer = new Normalizer(1, static _ => 0, _marketBatches, metrics, clocks: clocks);
        _stations = LaneStations.Of(new CandleSettings(candles), books ?? new BookOptions(), snapshots: null, display, metrics, clocks);
    }

    /// <summary>The clock of the replay, microseconds: never goes back, though arrival times may.</summary>
    public long Now { get; private set; }

    /// <summary>Ticks so far.</summary>
    public long Ticks { get; private set; }

    /// <summary>Takes the next frames of the recording, which are released; completes when the sink has taken what came of them.</summary>
    public async ValueTask TakeAsync(FrameBatch frames, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(frames);
        await TickBeforeAsync(frames.ReceivedTime, cancellation);
        Now = Math.Max(Now, frames.ReceivedTime);
        var venue = ParseStation.Process(frames, _venueBatches);
        var batches = _normalizer.Process(venue);
        venue.Release();
        foreach (var batch in batches)
        {
            await PassAsync(batch, cancellation);
        }
    }

    /// <summary>Nothing follows: lets go what the stations hold, and flushes the sink.</summary>
    public async ValueTask CompleteAsync(CancellationToken cancellation = default)
    {
        var last = _marketBatches.Rent();
        last.Lane = 0;
        last.Now = Now;
        last.IsLast = true;
        await PassAsync(last, cancellation);
        await _sink.FlushAsync(cancellation);
    }

    private async ValueTask TickBeforeAsync(long time, CancellationToken cancellation)
    {
        var ticks = 0;
        while (Math.Min(_stations.SequenceDeadline, _stations.WindowDeadline) is var due && due < time)
        {
            if (due > Now)
            {
                (Now, ticks) = (due, 0);
            }
            else if (++ticks > MostTicksAtOnce)
            {
                if (Now + Step >= time)
                {
                    return;
                }

                (Now, ticks) = (Now + Step, 0);
            }

            Ticks++;
            var tick = _marketBatches.Rent();
            tick.Lane = 0;
            tick.Now = Now;
            await PassAsync(tick, cancellation);
        }
    }

    private async ValueTask PassAsync(MarketBatch batch, CancellationToken cancellation)
    {
        try
        {
            _stations.Sequence(batch);
            _stations.Window(batch);
            if (batch.Events.Count > 0)
            {
                await _sink.WriteAsync(batch, cancellation);
            }
        }
        finally
        {
            batch.Release();
        }
    }
}
