using System.Buffers;
using Pipeline.Fanout;

namespace Pipeline.SocketIo.EngineIo;

/// <summary>
/// A WebSocket that came for a session that polls: it probes, and takes over. One that may not is accepted and closed, because a refused
/// handshake is an error to clients and a closed connection is none.
/// </summary>
internal sealed class UpgradeLink(EngineSession? session) : ILinkHandler
{
    private const int PolicyViolation = 1008;

    private bool _upgraded;

    public void OnOpened(ClientLink link)
    {
        if (session is null || !session.TryBeginUpgrade(link))
        {
            link.Close(PolicyViolation, "not upgradable");
        }
    }

    public ValueTask OnMessageAsync(ClientLink link, ReadOnlySequence<byte> payload, bool isBinary)
    {
        if (session is null)
        {
            return ValueTask.CompletedTask;
        }

        if (_upgraded)
        {
            return session.OnLinkMessageAsync(payload, isBinary);
        }

        Probe(session, link, payload, isBinary);
        return ValueTask.CompletedTask;
    }

    public void OnClosed(ClientLink link, LinkClosure closure)
    {
        if (_upgraded)
        {
            session?.Finish(EngineServer.ReasonOf(closure));
        }
        else
        {
            session?.AbandonUpgrade(link);
        }
    }

    private void Probe(EngineSession polling, ClientLink link, ReadOnlySequence<byte> payload, bool isBinary)
    {
        if (!isBinary && payload.Length == EnginePackets.ProbePing.Length && payload.ToArray().AsSpan().SequenceEqual(EnginePackets.ProbePing))
        {
            polling.OnProbe(link);
            return;
        }

        _upgraded = !isBinary && payload.Length == 1 && payload.FirstSpan[0] == EnginePackets.Upgrade && polling.TryCompleteUpgrade(link);
        if (!_upgraded)
        {
            // The session goes on as it was.
            link.Close(PolicyViolation, "not upgraded");
        }
    }
}
