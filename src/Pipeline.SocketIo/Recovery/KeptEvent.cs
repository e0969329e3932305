using Pipeline.Fanout;

namespace Pipeline.SocketIo.Recovery;

/// <summary>An event that can be sent again.</summary>
internal readonly record struct KeptEvent(IoTarget Target, SharedMessage Message, Delivery Delivery, object? Key, long At);
