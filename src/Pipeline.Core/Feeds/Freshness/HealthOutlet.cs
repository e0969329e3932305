using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds.Freshness;

/// <summary>
/// Carries changes of health into the graph, one after the other. While there is no room the newest of each stream replaces the older:
/// as many wait as there are streams, at most.
/// </summary>
public sealed class HealthOutlet : IDisposable
{
    private readonly Func<StreamHealth, CancellationToken, Task<bool>> _tell;
    private readonly PipelineMetrics _metrics;
    private readonly string _venue;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly OrderedDictionary<(int Instrument, string DataType), StreamHealth> _waiting = [];
    private readonly IDisposable _subscription;
    private bool _isTelling;

    /// <param name="tell">Completes when there was room; false when nothing is taken any more.</param>
    public HealthOutlet(
        string venue, IObservable<StreamHealth> changes, Func<StreamHealth, CancellationToken, Task<bool>> tell, PipelineMetrics metrics)
    {
        ArgumentException.ThrowIfNullOrEmpty(venue);
        ArgumentNullException.ThrowIfNull(changes);
        ArgumentNullException.ThrowIfNull(tell);
        ArgumentNullException.ThrowIfNull(metrics);
        _venue = venue;
        _tell = tell;
        _metrics = metrics;
        metrics.AddQueue($"health {venue}", () => Waiting, int.MaxValue);
        _subscription = changes.Subscribe(Take);
    }

    private int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    public void Dispose()
    {
        _subscription.Dispose();
        _stop.Cancel();
    }

    private void Take(StreamHealth health)
    {
        lock (_gate)
        {
            // In the place of the older one: a stream that flaps must not stand back for ever.
            _waiting[(health.Instrument.Index, health.DataType)] = health;
            if (_isTelling)
            {
                return;
            }

            _isTelling = true;
        }

        _ = TellAsync();
    }

    private async Task TellAsync()
    {
        while (true)
        {
            StreamHealth next;
            lock (_gate)
            {
                if (_waiting.Count == 0)
                {
                    _isTelling = false;
                    return;
                }

                next = _waiting.GetAt(0).Value;
                _waiting.RemoveAt(0);
            }

            try
            {
                if (await _tell(next, _stop.Token))
                {
                    continue;
                }
            }
            catch (OperationCanceledException)
            {
                // Disposed.
            }

            // Nothing is taken any more; what waits is counted with it, and what comes later too.
            _metrics.Dropped(_venue, "graph-ended");
        }
    }
}
