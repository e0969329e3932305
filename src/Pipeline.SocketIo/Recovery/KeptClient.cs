namespace Pipeline.SocketIo.Recovery;

/// <summary>What a client was when its connection broke.</summary>
/// <param name="Since">Place in the log when it joined: for a client that got no event at all.</param>
/// <param name="Own">What was emitted to it alone; null = nothing was.</param>
internal sealed record KeptClient(string Id, string PrivateId, IReadOnlyList<string> Rooms, object? Data, long Since, long At, EventQueue? Own);
