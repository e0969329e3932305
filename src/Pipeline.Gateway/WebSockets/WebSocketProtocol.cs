using Pipeline.Fanout;
using Pipeline.Gateway.Hub;

namespace Pipeline.Gateway.WebSockets;

/// <summary>The plain WebSocket protocol of <c>/ws</c> (README.md): makes the handler of each client.</summary>
internal sealed class WebSocketProtocol
{
    public WebSocketProtocol(GatewayHub hub, SessionOptions options, TimeProvider clock)
    {
        _ = (hub, options, clock);
    }

    /// <summary>Figures of every client that is connected. For any thread.</summary>
    public IReadOnlyList<SessionRow> Sessions => throw new NotImplementedException();

    /// <summary>The handler of one client, to be put into a <see cref="LinkDecision"/>.</summary>
    public ILinkHandler Create(SessionInfo info) => throw new NotImplementedException();

    /// <summary>Publishes at once what conflation by rate holds back. For any thread.</summary>
    /// <returns>Clients, messages and bytes that this put into outboxes.</returns>
    public Task<(int Clients, long Messages, long Bytes)> FlushAsync() => throw new NotImplementedException();

    /// <summary>Closes every client with the code of a server that goes away.</summary>
    public void CloseAll() => throw new NotImplementedException();
}
