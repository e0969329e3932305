using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds.Freshness;

/// <summary>
/// What a monitor has to say and to have done, in order: put in under the monitor's lock, told outside of it, one at a time. All members
/// may be called from any thread.
/// </summary>
/// <param name="changed">Told of each change.</param>
/// <param name="probe">Starts a probe, and returns at once.</param>
internal sealed class HealthOutputs(
    string venue, IStreamRemedy remedy, TimeProvider timers, PipelineMetrics metrics, Action<StreamHealth> changed, Action<MonitoredStream> probe)
{
    private readonly Lock _gate = new();
    private readonly Queue<Output> _waiting = new();
    private bool _isTelling;

    private enum Kind
    {
        Change,
        Probe,
        Resubscribe,
        Suspect,
    }

    public void Change(MonitoredStream watched) => Put(new Output(Kind.Change, watched, watched.ToHealth()));

    public void Probe(MonitoredStream watched) => Put(new Output(Kind.Probe, watched, default));

    public void Resubscribe(MonitoredStream watched) => Put(new Output(Kind.Resubscribe, watched, default));

    public void Suspect(MonitoredStream watched) => Put(new Output(Kind.Suspect, watched, watched.ToHealth()));

    /// <summary>One caller at a time, under no lock: whoever comes meanwhile leaves his to the one who is at it.</summary>
    public void Tell()
    {
        while (true)
        {
            Output output;
            lock (_gate)
            {
                if (_isTelling || !_waiting.TryDequeue(out output))
                {
                    return;
                }

                _isTelling = true;
            }

            try
            {
                Tell(output);
            }
            catch (Exception)
            {
                // A stranger's trouble is not this stream's.
                metrics.ObserverError(venue);
            }
            finally
            {
                lock (_gate)
                {
                    _isTelling = false;
                }
            }
        }
    }

    private void Put(in Output output)
    {
        lock (_gate)
        {
            _waiting.Enqueue(output);
        }
    }

    private void Tell(in Output output)
    {
        switch (output.Kind)
        {
            case Kind.Change:
                changed(output.Health);
                break;
            case Kind.Probe:
                probe(output.Watched);
                break;
            case Kind.Resubscribe:
                metrics.StreamRemedy(venue, "resubscribe");
                var name = output.Watched.Stream.Name;
                Defer(() => remedy.Resubscribe(name));
                break;
            default:
                metrics.StreamRemedy(venue, "suspect");
                var (connection, reason) = (output.Health.Connection, $"{output.Watched.Stream.Name}: {output.Health.Reason}");
                Defer(() => remedy.Suspect(connection, reason));
                break;
        }
    }

    /// <summary>
    /// Not on this thread: it may be pushing an event of one connection, under a lock that a remedy for another one takes the other way
    /// round.
    /// </summary>
    private void Defer(Action act)
    {
        ITimer? timer = null;
        timer = timers.CreateTimer(
            _ =>
            {
                timer?.Dispose();
                try
                {
                    act();
                }
                catch (Exception)
                {
                    metrics.ObserverError(venue);
                }
            },
            null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private readonly record struct Output(Kind Kind, MonitoredStream Watched, StreamHealth Health);
}
