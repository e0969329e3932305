using Pipeline.Fanout;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Instruments;
using Pipeline.Gateway.WebSockets.Subscriptions;

namespace Pipeline.Gateway.WebSockets;

/// <summary>
/// The plain WebSocket protocol of <c>/ws</c> (README.md): makes the handler of each client. Its <see cref="Desk"/> goes to the hub as a worker
/// before that starts.
/// </summary>
internal sealed class WebSocketProtocol
{
    private readonly ProtocolParts _parts;

    /// <param name="desk">The worker that was given to the hub.</param>
    public WebSocketProtocol(GatewayHub hub, SubscriberDesk desk, SessionOptions options, TimeProvider clock)
        : this(hub, desk, () => hub.Instruments, options, clock)
    {
    }

    /// <summary>With a hub that has no thread, for tests.</summary>
    public WebSocketProtocol(IHub hub, SubscriberDesk desk, Func<IInstrumentFinder> instruments, SessionOptions options, TimeProvider clock) =>
        _parts = new ProtocolParts(hub, desk, instruments, options, clock);

    /// <summary>What a link of this protocol adds to its options: the codes with which it is closed.</summary>
    public static LinkOptions LinkDefaults { get; } = new()
    {
        SlowClosure = CloseCodes.SlowClient.Closure,
        IdleClosure = CloseCodes.Idle.Closure,
    };

    /// <summary>Figures of every client that is connected. For any thread.</summary>
    public IReadOnlyList<SessionRow> Sessions => [.. _parts.Sessions.Keys.Select(static session => session.Describe())];

    public int Count => _parts.Sessions.Count;

    /// <summary>Error messages sent since the start.</summary>
    public long Errors => _parts.Errors;

    /// <summary>The handler of one client, to be put into a <see cref="LinkDecision"/>.</summary>
    public ILinkHandler Create(SessionInfo info) => MakeSession(info);

    /// <summary>Publishes at once what conflation by rate holds back. For any thread.</summary>
    /// <returns>Clients for whom something waited, and the messages and bytes that did.</returns>
    public (int Clients, long Messages, long Bytes) Flush()
    {
        var sum = (Clients: 0, Messages: 0L, Bytes: 0L);
        foreach (var session in _parts.Sessions.Keys)
        {
            var (messages, bytes) = session.Flush();
            sum = (sum.Clients + (messages > 0 ? 1 : 0), sum.Messages + messages, sum.Bytes + bytes);
        }

        return sum;
    }

    /// <summary>Closes every client with the code of a server that goes away, or another.</summary>
    public void CloseAll(CloseCode? code = null)
    {
        foreach (var session in _parts.Sessions.Keys)
        {
            session.Close(code ?? CloseCodes.GoingAway);
        }
    }

    /// <summary>Closes one client; false when there is none of this id.</summary>
    public bool Close(long id, CloseCode code)
    {
        var session = _parts.Sessions.Keys.FirstOrDefault(one => one.Id == id);
        session?.Close(code);
        return session is not null;
    }

    internal WebSocketSession MakeSession(SessionInfo info) => new(_parts, info);
}
