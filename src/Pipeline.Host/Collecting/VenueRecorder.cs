using Microsoft.Extensions.Logging;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Core.Recordings;
using Pipeline.Core.Topology;
using Pipeline.Host.Recordings;
using Pipeline.Host.Venues;
using Pipeline.Kafka.Raw;

namespace Pipeline.Host.Collecting;

/// <summary>Records what one venue of a collector sends. Its failure is told and costs the recording, never the collecting.</summary>
internal sealed class VenueRecorder : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private FrameRecorder _recorder = null!;
    private Task _watching = Task.CompletedTask;
    private volatile VenuePlan _plan;

    private VenueRecorder(VenuePlan plan, TimeProvider time, ILogger log) => (_plan, _time, _log) = (plan, time, log);

    private RecordingHeader Header => new()
    {
        CreatedTime = MarketTime.Now(_time),
        Summary = $"collector: {_plan.Venue.Name}",
        Venues = [RecordingVenue.Describe(_plan)],
    };

    /// <summary>Null when nothing is to be recorded, or cannot be, which is told.</summary>
    public static async Task<VenueRecorder?> StartAsync(
        VenuePlan plan, TopologyFile topology, TimeProvider time, PipelineMetrics metrics, ILogger log, CancellationToken cancellation)
    {
        var record = topology.Record;
        if (!record.Enabled)
        {
            return null;
        }

        var name = plan.Venue.Name;
        var recorder = new VenueRecorder(plan, time, log);
        try
        {
            var options = new RecorderOptions { Holds = record.Holds, Name = $"recording {name}" };
            if (record.IsTopic)
            {
                var target = await RawTarget.StartAsync(
                    topology.Kafka, () => recorder.Header, time, metrics, cancellation, name, what => CollectorLog.RecordingLoses(log, name, what));
                recorder._recorder = new FrameRecorder(_ => target, options, time, metrics);
            }
            else
            {
                var folder = new RecordingFolder(Path.GetFullPath(record.To), name, record.Keep, time);
                options = options with { MaxFileBytes = record.RotateSize, MaxFileAge = record.RotateAge };
                recorder._recorder = new FrameRecorder(
                    _ => new RecordingFile(folder.Open(record.RotateSize), recorder.Header), options, time, metrics);
            }

            recorder._watching = recorder.WatchAsync();
            return recorder;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            CollectorLog.NotRecorded(log, name, error.Message);
            return null;
        }
    }

    /// <summary>Copies the frames.</summary>
    public void Take(FrameBatch batch) => _recorder.Take(batch);

    /// <summary>Other instruments: what follows lies behind a header that names them.</summary>
    public void Follow(VenuePlan plan)
    {
        var isOther = !plan.Registered.SequenceEqual(_plan.Registered);
        _plan = plan;
        if (isOther)
        {
            _recorder.Rotate();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _recorder.DisposeAsync();
        await _watching;
    }

    private async Task WatchAsync()
    {
        try
        {
            await _recorder.Completion;
        }
        catch (Exception error)
        {
            CollectorLog.NotRecorded(_log, _plan.Venue.Name, error.Message);
        }
    }
}
