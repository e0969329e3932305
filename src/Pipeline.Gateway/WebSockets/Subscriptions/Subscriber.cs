using Pipeline.Gateway.Security;
using Pipeline.Gateway.Streams;

namespace Pipeline.Gateway.WebSockets.Subscriptions;

/// <summary>What the hub knows of a client. Only for the hub's thread.</summary>
internal sealed class Subscriber(IOutlet outlet, SessionOptions options, AddressQuota quota, long? expires)
{
    public IOutlet Outlet => outlet;

    public SessionOptions Options => options;

    /// <summary>What it shares with the other clients of its address; it holds it until it is gone.</summary>
    public AddressQuota Quota => quota;

    /// <summary>When its token ends, microseconds since the Unix epoch; null = never.</summary>
    public long? Expires => expires;

    public Dictionary<string, Subscription> Filters { get; } = new(StringComparer.Ordinal);

    public Dictionary<MarketStream, Membership> Streams { get; } = [];

    /// <summary>Streams it is not in yet, in the order in which it will be let in.</summary>
    public Queue<Membership> Joining { get; } = new();

    /// <summary>In a queue of those with streams to join.</summary>
    public bool IsQueued { get; set; }

    /// <summary>It was told that it has as many streams as it may have.</summary>
    public bool WasToldOfLimit { get; set; }

    public bool IsGone { get; set; }

    /// <summary>Number given to the next filter without a name.</summary>
    public int NextFilter { get; set; } = 1;

    /// <summary>For other threads, as of the last command.</summary>
    public int FilterCount;

    /// <inheritdoc cref="FilterCount"/>
    public int StreamCount;
}
