using System.Buffers;

namespace Pipeline.Fanout;

/// <summary>What a protocol does with one client's link. Calls for one link never overlap.</summary>
public interface ILinkHandler
{
    /// <summary>The handshake is done; posting may begin.</summary>
    void OnOpened(ClientLink link);

    /// <summary>
    /// A whole message. Nothing more is read from this client until it returns (and, where it returns a task that is not done, until that
    /// is): so a client that floods waits in its own socket. The payload is lent for the time of the call.
    /// </summary>
    ValueTask OnMessageAsync(ClientLink link, ReadOnlySequence<byte> payload, bool isBinary);

    /// <summary>The link ended, whoever ended it. The last call, and exactly one.</summary>
    void OnClosed(ClientLink link, LinkClosure closure);
}
