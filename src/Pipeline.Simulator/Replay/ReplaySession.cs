using Microsoft.Extensions.Logging;
using Pipeline.Simulator.Sockets;

namespace Pipeline.Simulator.Replay;

/// <summary>
/// Replays a recording to one connection, once: it begins when the first subscription was answered and no request came for a
/// while, so that a client that subscribes in several steps gets everything.
/// </summary>
internal sealed class ReplaySession(IVenueSession session, Recording recording, double speed, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(250);

    // A timer takes no more than 49 days; a slow replay may have to wait for longer, or for ever.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    // At full speed the outbox is kept between these two: full enough for the socket, small enough for memory.
    private const long HighWater = 1024 * 1024;
    private const long LowWater = 256 * 1024;

    private long _lastRequest;
    private int _started;
    private long _framesSent;
    private volatile string _state = "waiting";

    public ReplayProgress Progress => new(_state, Interlocked.Read(ref _framesSent));

    /// <summary>The client asked for something; <paramref name="subscribed"/> when it got streams.</summary>
    public void OnRequest(bool subscribed)
    {
        Volatile.Write(ref _lastRequest, clock.GetTimestamp());
        if (subscribed && Interlocked.Exchange(ref _started, 1) == 0)
        {
            _ = RunAsync(session.Connection.Ended);
        }
    }

    private async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            await QuietAsync(cancellation);
            _state = "running";
            await SendAllAsync(cancellation);
            await session.Connection.DrainedAsync(0);
            _state = "finished";
        }
        catch (OperationCanceledException)
        {
            // The client left before the end.
        }
        catch (Exception e)
        {
            // Nobody awaits this: the state and the log are where it can be seen.
            _state = "failed";
            log.ReplayFailed(e, session.Connection.Id, Interlocked.Read(ref _framesSent));
        }
    }

    private async Task QuietAsync(CancellationToken cancellation)
    {
        while (Quiet - clock.GetElapsedTime(Volatile.Read(ref _lastRequest)) is var rest && rest > TimeSpan.Zero)
        {
            await Task.Delay(rest, clock, cancellation);
        }
    }

    private async Task SendAllAsync(CancellationToken cancellation)
    {
        var connection = session.Connection;
        var start = clock.GetTimestamp();
        for (var i = 0; i < recording.Count; i++)
        {
            if (recording.Stream(i) is { } stream && !session.IsSubscribed(stream))
            {
                continue;
            }

            await DueAsync(i, start, cancellation);
            if (connection.PublishText(recording.Stream(i) ?? "", recording.Frame(i)))
            {
                Interlocked.Increment(ref _framesSent);
            }
            else
            {
                cancellation.ThrowIfCancellationRequested();
            }
        }

        connection.Wake();
    }

    private async ValueTask DueAsync(int index, long start, CancellationToken cancellation)
    {
        if (speed > 0)
        {
            // As a number: it may be more than a TimeSpan holds. A delay counts whole milliseconds: of less than one it makes none.
            var due = recording.Offset(index) / speed;
            while (due - clock.GetElapsedTime(start).TotalMicroseconds is >= 1000 and var wait)
            {
                session.Connection.Wake();
                await Task.Delay(TimeSpan.FromMicroseconds(Math.Min(wait, LongestWait.TotalMicroseconds)), clock, cancellation);
            }
        }
        else if (session.Connection.UnsentBytes > Math.Min(HighWater, session.Connection.MaxUnsentBytes / 2))
        {
            await session.Connection.DrainedAsync(Math.Min(LowWater, session.Connection.MaxUnsentBytes / 4));
        }
    }
}
