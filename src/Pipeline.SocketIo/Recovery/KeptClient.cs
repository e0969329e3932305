namespace Pipeline.SocketIo.Recovery;

/// <summary>What a client was when its connection broke.</summary>
/// <param name="Since">Place in the log when it joined: for a client that got no event at all.</param>
internal sealed record KeptClient(string Id, string PrivateId, IReadOnlyList<string> Rooms, object? Data, long Since, long At);
