namespace Pipeline.Simulator.Sockets;

/// <summary>The client broke RFC 6455; the connection is closed with the code and the message as reason.</summary>
internal sealed class ClientFrameException(int code, string message) : Exception(message)
{
    public int Code { get; } = code;
}
