using System.Collections.Concurrent;

namespace Pipeline.Fanout;

/// <content>Figures for operators. Nothing is counted twice on the way of a message: what a link counted is added up when asked.</content>
public sealed partial class LinkServer
{
    private readonly ConcurrentDictionary<int, long> _closures = new();
    private readonly ConcurrentDictionary<int, long> _refusals = new();
    private readonly Lock _pastGate = new();
    private LinkStatistics _past = new();
    private TimeSpan _pastDuration;
    private long _opened;
    private long _closed;
    private long _protocolFaults;
    private long _handlerFailures;

    /// <summary>Links opened since the beginning.</summary>
    public long Opened => Interlocked.Read(ref _opened);

    /// <summary>Links that ended, by close code.</summary>
    public IReadOnlyDictionary<int, long> Closures => new Dictionary<int, long>(_closures);

    /// <summary>Handshakes refused, by HTTP status.</summary>
    public IReadOnlyDictionary<int, long> Refusals => new Dictionary<int, long>(_refusals);

    /// <summary>Clients that broke the WebSocket protocol or a limit of it.</summary>
    public long ProtocolFaults => Interlocked.Read(ref _protocolFaults);

    /// <summary>Exceptions out of handlers.</summary>
    public long HandlerFailures => Interlocked.Read(ref _handlerFailures);

    /// <summary>Mean life of all links, ended or not.</summary>
    public TimeSpan MeanDuration
    {
        get
        {
            var now = TimeProvider.GetUtcNow();
            lock (_pastGate)
            {
                var count = _closed;
                var total = _pastDuration;
                foreach (var link in Links)
                {
                    count++;
                    total += now - link.ConnectedAt;
                }

                return count == 0 ? TimeSpan.Zero : total / count;
            }
        }
    }

    /// <summary>Bytes that wait, in all.</summary>
    public long WaitingBytes => Links.Sum(link => link.WaitingBytes);

    /// <summary>Sum over the links there are and were.</summary>
    public LinkStatistics Totals()
    {
        lock (_pastGate)
        {
            return Links.Aggregate(_past, (sum, link) => sum.Plus(link.Statistics()));
        }
    }

    internal void CountHandshake(int status)
    {
        if (status == 0)
        {
            Interlocked.Increment(ref _opened);
        }
        else
        {
            _refusals.AddOrUpdate(status, 1, (_, count) => count + 1);
        }
    }

    internal void ProtocolFault() => Interlocked.Increment(ref _protocolFaults);

    internal void HandlerFailed(ClientLink link, Exception exception)
    {
        Interlocked.Increment(ref _handlerFailures);
        Options.OnHandlerFailed?.Invoke(link, exception);
    }

    internal void Ended(ClientLink link, LinkClosure closure)
    {
        if (link.IsOfWarmUp)
        {
            _links.TryRemove(link.Id, out _);
            _warmUp?.Leave();
            return;
        }

        _closures.AddOrUpdate(closure.Code, 1, (_, count) => count + 1);
        lock (_pastGate)
        {
            if (_links.TryRemove(link.Id, out _))
            {
                _past = _past.Plus(link.Statistics());
                _pastDuration += TimeProvider.GetUtcNow() - link.ConnectedAt;
                _closed++;
            }
        }
    }
}
