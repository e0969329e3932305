using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Graph;
using Pipeline.Core.Market;
using Pipeline.Core.Recordings;
using Pipeline.Core.Time;
using Pipeline.Core.Topology;
using Pipeline.Kafka.Partitioning;

namespace Pipeline.Host.Replaying;

/// <summary>Brings a recording through the graph's stations into a sink: at the pace it was recorded, scaled, or as fast as it goes.</summary>
internal sealed class ReplayRun(
    IRecording recording, ReplaySources sources, ReplayFigures figures, TopologyFile topology, IMarketSink sink, PipelineMetrics metrics)
{
    private readonly IMarketSink _sink = new ReplayMark(sink);

    /// <summary>Completes when the sink has delivered all of it.</summary>
    /// <param name="speed">Times as fast as recorded; null = as fast as it goes, the output then being the same each time.</param>
    public async Task RunAsync(double? speed, TimeProvider time, CancellationToken cancellation)
    {
        if (speed is { } scale)
        {
            await RunInTimeAsync(scale, time, cancellation);
            return;
        }

        var line = new ReplayLine(topology.Candles, _sink, metrics, topology.Books, topology.DisplayFilter);
        while (Next() is { } frames)
        {
            cancellation.ThrowIfCancellationRequested();
            await line.TakeAsync(frames, cancellation);
        }

        await line.CompleteAsync(cancellation);
    }

    private async Task RunInTimeAsync(double speed, TimeProvider time, CancellationToken cancellation)
    {
        if (Next() is not { } frames)
        {
            return;
        }

        var clock = new RecordedTimeProvider(time, MarketTime.ToInstant(frames.ReceivedTime), speed);
        var partitions = topology.Kafka.Partitions;
        await using var graph = new PipelineGraph(
            topology.Graph,
            topology.Candles,
            instrument => InstrumentPartitioner.PartitionOf(instrument.Key, partitions),
            _sink,
            metrics,
            clock,
            topology.Books,
            display: topology.DisplayFilter);
        clock.Start();
        for (var next = frames; next is not null; next = Next())
        {
            // The graph may have failed: then nothing is taken any more, and nobody would be told.
            if (graph.Completion.IsFaulted)
            {
                next.Release();
                await graph.Completion;
            }

            try
            {
                await WaitAsync(clock, next.ReceivedTime, cancellation);
                graph.Take(next);
                await next.Released;
            }
            finally
            {
                next.Release();
            }
        }

        await graph.CompleteAsync(cancellation);
    }

    private static async Task WaitAsync(RecordedTimeProvider clock, long time, CancellationToken cancellation)
    {
        var wait = time - MarketTime.Now(clock);
        if (wait > 0)
        {
            await Task.Delay(TimeSpan.FromMicroseconds(wait), clock, cancellation);
        }
    }

    /// <summary>The next frames that can be read; null at the end.</summary>
    private FrameBatch? Next()
    {
        while (recording.Read() is { } batch)
        {
            var source = sources.Of(batch);
            figures.Note(batch, source is not null);
            if (source is not null)
            {
                return batch.ToFrames(source);
            }

            metrics.Dropped(batch.Venue, "unknown-venue", batch.Count);
        }

        return null;
    }
}
