namespace Pipeline.Fanout;

/// <summary>Why a link ended.</summary>
/// <param name="Code">WebSocket close code (RFC 6455 §7.4); 1006 = the connection broke without a close frame.</param>
/// <param name="Reason">Plain text, at most 123 bytes of UTF-8 on the wire.</param>
/// <param name="ByPeer">The other side closed.</param>
public readonly record struct LinkClosure(int Code, string Reason, bool ByPeer);
