namespace Pipeline.Core.Feeds.Freshness;

/// <content>Probes: few at once and never many a second, the most urgent first.</content>
public sealed partial class HealthMonitor
{
    private const int MostProbes = 2;

    /// <summary>Four a second on average: a market that falls quiet must not spend a venue's budget of requests.</summary>
    private const long ProbeCost = 250_000;

    private const long MostCredit = 4 * ProbeCost;

    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(15);

    private readonly IStreamProbe _probe;
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Streams that wait for a probe; the shorter the silence that is usual for one, the sooner its turn.</summary>
    private readonly PriorityQueue<MonitoredStream, (long Limit, long Order)> _toProbe = new();

    private long _order;
    private long _credit = MostCredit;
    private long _creditedAt;
    private int _probes;

    private int ProbesWaiting
    {
        get
        {
            lock (_gate)
            {
                return _toProbe.Count;
            }
        }
    }

    private long NextProbeAt => _toProbe.Count > 0 && _probes < MostProbes ? ((_creditedAt / LookTimer.Grain) + 1) * LookTimer.Grain : long.MaxValue;

    private void QueueProbe(MonitoredStream watched)
    {
        if (!watched.IsProbing)
        {
            watched.IsProbing = true;
            _toProbe.Enqueue(watched, (watched.Freshness.Limit, _order++));
        }
    }

    private void StartProbes(long now)
    {
        _credit = Math.Min(MostCredit, _credit + (now - _creditedAt));
        _creditedAt = now;
        while (_probes < MostProbes && _credit >= ProbeCost && _toProbe.TryDequeue(out var watched, out _))
        {
            if (watched.IsForgotten || !watched.Freshness.IsProbing)
            {
                // Its data came while it waited.
                watched.IsProbing = false;
                continue;
            }

            _credit -= ProbeCost;
            _probes++;
            _outputs.Probe(watched);
        }
    }

    private async Task RunProbeAsync(MonitoredStream watched)
    {
        var result = ProbeResult.Unknown;
        var outcome = "failed";
        try
        {
            using var timeout = new CancellationTokenSource(ProbeTimeout, _clock.Timers);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stop.Token);
            result = await _probe.ProbeAsync(watched.Stream, watched.ConfirmedTime, either.Token).WaitAsync(either.Token);
            outcome = result switch
            {
                ProbeResult.UpToDate => "up-to-date",
                ProbeResult.Behind => "behind",
                _ => "unknown",
            };
        }
        catch (OperationCanceledException)
        {
            outcome = "timeout";
        }
        catch (Exception)
        {
            // Against its contract; who cannot tell has told nothing.
        }

        _metrics.StreamProbe(_venue, outcome);
        Do(() => Take(watched, result));
    }

    private void Take(MonitoredStream watched, ProbeResult result)
    {
        var now = _clock.Now;
        _probes--;
        watched.IsProbing = false;
        if (!watched.IsForgotten)
        {
            // What came while the probe was under way outweighs it.
            Settle(watched, LookAt(watched, now), now);
            Settle(watched, watched.Freshness.TakeProbe(result, now), now);
        }

        StartProbes(now);
    }
}
