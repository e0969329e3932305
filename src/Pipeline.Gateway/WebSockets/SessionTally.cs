using System.Net;
using Pipeline.Core.Market;
using Pipeline.Fanout;

namespace Pipeline.Gateway.WebSockets;

/// <summary>What is counted of one client from its connecting on, whatever it speaks. For any thread.</summary>
internal sealed class SessionTally
{
    private readonly TimeProvider _clock;
    private readonly long _connectedAt;
    private long _lastActivity;
    private long _received;
    private long _errors;

    public SessionTally(TimeProvider clock)
    {
        _clock = clock;
        _connectedAt = MarketTime.Now(clock);
        _lastActivity = _connectedAt;
    }

    /// <summary>A message has come.</summary>
    public void Heard()
    {
        Interlocked.Increment(ref _received);
        Volatile.Write(ref _lastActivity, MarketTime.Now(_clock));
    }

    /// <summary>It was told an error.</summary>
    public void Failed() => Interlocked.Increment(ref _errors);

    /// <inheritdoc cref="SessionRow"/>
    public SessionRow Describe(
        string id, string protocol, IPAddress address, string? subject, LinkStatistics statistics, string state, int? filters, int streams) => new(
        id,
        protocol,
        address,
        subject,
        _connectedAt,
        Volatile.Read(ref _lastActivity),
        Interlocked.Read(ref _received),
        statistics.MessagesSent,
        statistics.BytesSent,
        Interlocked.Read(ref _errors),
        state,
        filters,
        streams,
        statistics.WaitingBytes);
}
