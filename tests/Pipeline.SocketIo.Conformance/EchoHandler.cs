using Pipeline.Fanout;
using Pipeline.SocketIo.EngineIo;

namespace Pipeline.SocketIo.Conformance;

/// <summary>Sends every message back as it came.</summary>
internal sealed class EchoHandler : IEngineHandler
{
    public void OnOpened(EngineSession session)
    {
    }

    public ValueTask OnMessageAsync(EngineSession session, ReadOnlyMemory<byte> payload, bool isBinary)
    {
        session.Send(isBinary ? SharedMessage.Binary(payload) : Text(payload));
        return ValueTask.CompletedTask;
    }

    public void OnClosed(EngineSession session, EngineCloseReason reason)
    {
    }

    private static SharedMessage Text(ReadOnlyMemory<byte> payload) => SharedMessage.Text(
        payload.Length + 1,
        payload,
        static (span, payload) =>
        {
            span[0] = (byte)'4';
            payload.Span.CopyTo(span[1..]);
        });
}
