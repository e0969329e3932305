using System.Collections.Concurrent;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Instruments;
using Pipeline.Gateway.Security;
using Pipeline.Gateway.WebSockets.Subscriptions;

namespace Pipeline.Gateway.WebSockets;

/// <summary>What all sessions share.</summary>
internal sealed class ProtocolParts(
    IHub hub, SubscriberDesk desk, Func<IInstrumentFinder> instruments, SessionOptions options, AddressLimiter addresses, TimeProvider clock)
{
    private long _errors;
    private long _opened;

    public IHub Hub => hub;

    public SubscriberDesk Desk => desk;

    public Func<IInstrumentFinder> Instruments => instruments;

    public SessionOptions Options => options;

    public AddressLimiter Addresses => addresses;

    public TimeProvider Clock => clock;

    /// <summary>Sessions that are open.</summary>
    public ConcurrentDictionary<WebSocketSession, bool> Sessions { get; } = new();

    /// <summary>Error messages sent to clients.</summary>
    public long Errors => Interlocked.Read(ref _errors);

    /// <summary>Sessions opened since the start.</summary>
    public long Opened => Interlocked.Read(ref _opened);

    public void CountOpened() => Interlocked.Increment(ref _opened);

    public void CountError() => Interlocked.Increment(ref _errors);
}
