namespace Pipeline.SocketIo;

/// <summary>The client left before it acknowledged.</summary>
public sealed class IoDisconnectedException(string message) : IOException(message);
