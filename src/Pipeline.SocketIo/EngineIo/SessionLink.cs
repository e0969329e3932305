using System.Buffers;
using Pipeline.Fanout;

namespace Pipeline.SocketIo.EngineIo;

/// <summary>A WebSocket that is a session of its own from the start.</summary>
internal sealed class SessionLink(EngineServer server, EngineHandshake handshake) : ILinkHandler
{
    private EngineSession? _session;

    public void OnOpened(ClientLink link) => _session = server.OpenOnLink(handshake, link);

    public ValueTask OnMessageAsync(ClientLink link, ReadOnlySequence<byte> payload, bool isBinary) =>
        _session?.OnLinkMessageAsync(payload, isBinary) ?? ValueTask.CompletedTask;

    public void OnClosed(ClientLink link, LinkClosure closure) => _session?.Finish(EngineServer.ReasonOf(closure));
}
