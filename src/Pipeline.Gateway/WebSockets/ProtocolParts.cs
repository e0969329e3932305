using System.Collections.Concurrent;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Instruments;
using Pipeline.Gateway.WebSockets.Subscriptions;

namespace Pipeline.Gateway.WebSockets;

/// <summary>What all sessions share.</summary>
internal sealed class ProtocolParts(IHub hub, SubscriberDesk desk, Func<IInstrumentFinder> instruments, SessionOptions options, TimeProvider clock)
{
    private long _errors;

    public IHub Hub => hub;

    public SubscriberDesk Desk => desk;

    public Func<IInstrumentFinder> Instruments => instruments;

    public SessionOptions Options => options;

    public TimeProvider Clock => clock;

    /// <summary>Sessions that are open.</summary>
    public ConcurrentDictionary<WebSocketSession, bool> Sessions { get; } = new();

    /// <summary>Error messages sent to clients.</summary>
    public long Errors => Interlocked.Read(ref _errors);

    public void CountError() => Interlocked.Increment(ref _errors);
}
