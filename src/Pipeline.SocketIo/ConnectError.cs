namespace Pipeline.SocketIo;

/// <summary>Why a client may not join; it sees both as its <c>connect_error</c>.</summary>
/// <param name="Message">Must not repeat what the client sent.</param>
/// <param name="DataJson">UTF-8 JSON of details; empty = none.</param>
public sealed record ConnectError(string Message, ReadOnlyMemory<byte> DataJson = default);
