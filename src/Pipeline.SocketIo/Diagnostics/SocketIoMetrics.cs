using System.Diagnostics.Metrics;

namespace Pipeline.SocketIo.Diagnostics;

/// <summary>Counts what happens; the instruments bear the name of the meter <see cref="MeterName"/>.</summary>
public sealed class SocketIoMetrics : IDisposable
{
    public const string MeterName = "Pipeline.SocketIo";

    private readonly Meter _meter;
    private readonly Counter<long> _opened;
    private readonly Counter<long> _closed;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _upgrades;
    private readonly Counter<long> _received;
    private readonly Counter<long> _receivedBytes;
    private readonly Counter<long> _emitted;
    private readonly Counter<long> _delivered;
    private readonly Counter<long> _recovered;
    private readonly Counter<long> _rateLimited;
    private readonly Counter<long> _handlerErrors;
    private long _openedTotal;
    private long _closedTotal;
    private long _refusedTotal;
    private long _upgradesTotal;
    private long _receivedTotal;
    private long _receivedBytesTotal;
    private long _emittedTotal;
    private long _deliveredTotal;
    private long _recoveredTotal;
    private long _rateLimitedTotal;
    private long _handlerErrorsTotal;

    public SocketIoMetrics(IMeterFactory? factory = null)
    {
        _meter = factory?.Create(MeterName) ?? new Meter(MeterName);
        _opened = _meter.CreateCounter<long>("socketio.sessions.opened", "{session}");
        _closed = _meter.CreateCounter<long>("socketio.sessions.closed", "{session}", "By reason");
        _refused = _meter.CreateCounter<long>("socketio.requests.refused", "{request}", "By code");
        _upgrades = _meter.CreateCounter<long>("socketio.sessions.upgraded", "{session}");
        _received = _meter.CreateCounter<long>("socketio.received.messages", "{message}");
        _receivedBytes = _meter.CreateCounter<long>("socketio.received.bytes", "By");
        _emitted = _meter.CreateCounter<long>("socketio.emitted.events", "{event}", "Encoded once each, whatever the number of clients");
        _delivered = _meter.CreateCounter<long>("socketio.delivered.events", "{event}", "Events times clients that took them into their outbox");
        _recovered = _meter.CreateCounter<long>("socketio.recovered.connections", "{connection}");
        _rateLimited = _meter.CreateCounter<long>("socketio.rate_limited.events", "{event}");
        _handlerErrors = _meter.CreateCounter<long>("socketio.handler.errors", "{error}", "Exceptions of the application's own code");
    }

    /// <summary>Everything since the beginning, at this moment.</summary>
    public SocketIoStatistics Snapshot() => new()
    {
        Opened = Volatile.Read(ref _openedTotal),
        Closed = Volatile.Read(ref _closedTotal),
        Refused = Volatile.Read(ref _refusedTotal),
        Upgraded = Volatile.Read(ref _upgradesTotal),
        MessagesReceived = Volatile.Read(ref _receivedTotal),
        BytesReceived = Volatile.Read(ref _receivedBytesTotal),
        EventsEmitted = Volatile.Read(ref _emittedTotal),
        EventsDelivered = Volatile.Read(ref _deliveredTotal),
        Recovered = Volatile.Read(ref _recoveredTotal),
        RateLimited = Volatile.Read(ref _rateLimitedTotal),
        HandlerErrors = Volatile.Read(ref _handlerErrorsTotal),
    };

    public void Dispose() => _meter.Dispose();

    internal void OnOpened()
    {
        Interlocked.Increment(ref _openedTotal);
        _opened.Add(1);
    }

    internal void OnClosed(string reason)
    {
        Interlocked.Increment(ref _closedTotal);
        _closed.Add(1, new KeyValuePair<string, object?>("reason", reason));
    }

    internal void OnRefused(int code)
    {
        Interlocked.Increment(ref _refusedTotal);
        _refused.Add(1, new KeyValuePair<string, object?>("code", code));
    }

    internal void OnUpgrade()
    {
        Interlocked.Increment(ref _upgradesTotal);
        _upgrades.Add(1);
    }

    internal void OnReceived(int bytes)
    {
        Interlocked.Increment(ref _receivedTotal);
        Interlocked.Add(ref _receivedBytesTotal, bytes);
        _received.Add(1);
        _receivedBytes.Add(bytes);
    }

    internal void OnEmitted(int deliveries)
    {
        Interlocked.Increment(ref _emittedTotal);
        Interlocked.Add(ref _deliveredTotal, deliveries);
        _emitted.Add(1);
        _delivered.Add(deliveries);
    }

    internal void OnRecovered()
    {
        Interlocked.Increment(ref _recoveredTotal);
        _recovered.Add(1);
    }

    internal void OnRateLimited()
    {
        Interlocked.Increment(ref _rateLimitedTotal);
        _rateLimited.Add(1);
    }

    internal void OnHandlerError()
    {
        Interlocked.Increment(ref _handlerErrorsTotal);
        _handlerErrors.Add(1);
    }
}
