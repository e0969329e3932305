using System.Globalization;
using Pipeline.Fanout;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Instruments;
using Pipeline.Gateway.Security;
using Pipeline.Gateway.WebSockets.Subscriptions;

namespace Pipeline.Gateway.WebSockets;

/// <summary>
/// The plain WebSocket protocol of <c>/ws</c> (README.md): makes the handler of each client. Its <see cref="Desk"/> goes to the hub as a worker
/// before that starts.
/// </summary>
internal sealed class WebSocketProtocol
{
    /// <summary>As metrics and rows name it.</summary>
    public const string Name = "ws";

    private readonly ProtocolParts _parts;

    /// <param name="desk">The worker that was given to the hub.</param>
    public WebSocketProtocol(GatewayHub hub, SubscriberDesk desk, SessionOptions options, AddressLimiter addresses, TimeProvider clock)
        : this(hub, desk, () => hub.Instruments, options, addresses, clock)
    {
    }

    /// <summary>With a hub that has no thread, for tests.</summary>
    public WebSocketProtocol(
        IHub hub, SubscriberDesk desk, Func<IInstrumentFinder> instruments, SessionOptions options, AddressLimiter addresses, TimeProvider clock) =>
        _parts = new ProtocolParts(hub, desk, instruments, options, addresses, clock);

    /// <summary>What a link of this protocol adds to its options: the codes with which it is closed.</summary>
    public static LinkOptions LinkDefaults { get; } = new()
    {
        SlowClosure = CloseCodes.SlowClient.Closure,
        IdleClosure = CloseCodes.Idle.Closure,
        Reasons = CloseCodes.Reasons,
    };

    /// <summary>Figures of every client that is connected. For any thread.</summary>
    public IReadOnlyList<SessionRow> Sessions => [.. _parts.Sessions.Keys.Select(static session => session.Describe())];

    /// <summary>Clients that have connected since the start.</summary>
    public long Opened => _parts.Opened;

    /// <summary>Error messages sent since the start.</summary>
    public long Errors => _parts.Errors;

    /// <summary>The handler of one client, to be put into a <see cref="LinkDecision"/>.</summary>
    public ILinkHandler Create(SessionInfo info) => MakeSession(info);

    /// <summary>Closes the client of an id, as its row has it; false when there is none. For any thread.</summary>
    public bool Disconnect(string id)
    {
        if (!long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        var session = _parts.Sessions.Keys.FirstOrDefault(one => one.Id == number);
        session?.Close(CloseCodes.Disconnected);
        return session is not null;
    }

    internal WebSocketSession MakeSession(SessionInfo info) => new(_parts, info);
}
