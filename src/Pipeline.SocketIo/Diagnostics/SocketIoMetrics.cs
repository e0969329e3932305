using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Pipeline.SocketIo.Diagnostics;

/// <summary>
/// Counts what happens; the instruments bear the name of the meter <see cref="MeterName"/>. Each number is held once, and read by
/// <see cref="Snapshot"/> and by the meter's listeners alike.
/// </summary>
public sealed class SocketIoMetrics : IDisposable
{
    public const string MeterName = "Pipeline.SocketIo";

    private readonly ConcurrentDictionary<string, long> _closedBy = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, long> _refusedBy = new();
    private readonly bool _ownsMeter;
    private long _opened;
    private long _upgrades;
    private long _received;
    private long _receivedBytes;
    private long _emitted;
    private long _delivered;
    private long _recovered;
    private long _rateLimited;
    private long _handlerErrors;

    /// <param name="factory">Makes the meter, and disposes of it; null = one of its own, which ends with this.</param>
    public SocketIoMetrics(IMeterFactory? factory = null)
    {
        _ownsMeter = factory is null;
        Meter = factory?.Create(MeterName) ?? new Meter(MeterName);
        Count("socketio.sessions.opened", "{session}", "Sessions opened", () => Volatile.Read(ref _opened));
        CountBy("socketio.sessions.closed", "{session}", "Sessions closed, by reason", "reason", () => _closedBy);
        CountBy("socketio.requests.refused", "{request}", "Requests refused with an error of the protocol, by its code", "code", () => _refusedBy);
        Count("socketio.sessions.upgraded", "{session}", "Sessions that went from polling to a WebSocket", () => Volatile.Read(ref _upgrades));
        Count("socketio.received.messages", "{message}", "Messages received", () => Volatile.Read(ref _received));
        Count("socketio.received.bytes", "By", "Bytes of messages received", () => Volatile.Read(ref _receivedBytes));
        Count("socketio.emitted.events", "{event}", "Events, each encoded once whatever the number of clients", () => Volatile.Read(ref _emitted));
        Count("socketio.delivered.events", "{event}", "Events times clients that took them into their outbox", () => Volatile.Read(ref _delivered));
        Count("socketio.recovered.connections", "{connection}", "Connections that went on where they broke", () => Volatile.Read(ref _recovered));
        Count("socketio.rate_limited.events", "{event}", "Events of clients dropped for their rate", () => Volatile.Read(ref _rateLimited));
        Count("socketio.handler.errors", "{error}", "Exceptions of the application's own code", () => Volatile.Read(ref _handlerErrors));
    }

    /// <summary>Bears the instruments; all of them are read when somebody looks.</summary>
    public Meter Meter { get; }

    /// <summary>Everything since the beginning, at this moment.</summary>
    public SocketIoStatistics Snapshot() => new()
    {
        Opened = Volatile.Read(ref _opened),
        Closed = _closedBy.Values.Sum(),
        Refused = _refusedBy.Values.Sum(),
        Upgraded = Volatile.Read(ref _upgrades),
        MessagesReceived = Volatile.Read(ref _received),
        BytesReceived = Volatile.Read(ref _receivedBytes),
        EventsEmitted = Volatile.Read(ref _emitted),
        EventsDelivered = Volatile.Read(ref _delivered),
        Recovered = Volatile.Read(ref _recovered),
        RateLimited = Volatile.Read(ref _rateLimited),
        HandlerErrors = Volatile.Read(ref _handlerErrors),
    };

    public void Dispose()
    {
        if (_ownsMeter)
        {
            Meter.Dispose();
        }
    }

    internal void OnOpened() => Interlocked.Increment(ref _opened);

    internal void OnClosed(string reason) => _closedBy.AddOrUpdate(reason, 1, static (_, count) => count + 1);

    internal void OnRefused(int code) => _refusedBy.AddOrUpdate(code, 1, static (_, count) => count + 1);

    internal void OnUpgrade() => Interlocked.Increment(ref _upgrades);

    internal void OnReceived(int bytes)
    {
        Interlocked.Increment(ref _received);
        Interlocked.Add(ref _receivedBytes, bytes);
    }

    internal void OnEmitted(int deliveries)
    {
        Interlocked.Increment(ref _emitted);
        Interlocked.Add(ref _delivered, deliveries);
    }

    internal void OnRecovered() => Interlocked.Increment(ref _recovered);

    internal void OnRateLimited() => Interlocked.Increment(ref _rateLimited);

    internal void OnHandlerError() => Interlocked.Increment(ref _handlerErrors);

    private void Count(string name, string unit, string description, Func<long> read) => Meter.CreateObservableCounter(name, read, unit, description);

    private void CountBy<TTag>(string name, string unit, string description, string tag, Func<IEnumerable<KeyValuePair<TTag, long>>> read) =>
        Meter.CreateObservableCounter(
            name, () => read().Select(one => new Measurement<long>(one.Value, new KeyValuePair<string, object?>(tag, one.Key))), unit, description);
}
