namespace Pipeline.SocketIo.EngineIo;

/// <summary>Answer to a handshake that is not wanted.</summary>
/// <param name="Status">HTTP status, 4xx or 5xx.</param>
/// <param name="Message">Told to the client in the body; must not repeat what it sent.</param>
/// <param name="RetryAfterSeconds">Told as <c>Retry-After</c>; 0 = none.</param>
public sealed record EngineRefusal(int Status, string Message, int RetryAfterSeconds = 0);
