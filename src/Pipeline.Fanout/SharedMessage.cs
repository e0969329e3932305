namespace Pipeline.Fanout;

/// <summary>
/// One message, encoded once and shared by every client that gets it, whatever their number: its WebSocket frame is built when it is
/// made, its compressed frame when the first client that negotiated compression needs it. Immutable; for any thread.
/// </summary>
public sealed class SharedMessage
{
    private SharedMessage(ReadOnlyMemory<byte> payload, bool isBinary)
    {
        Payload = payload;
        IsBinary = isBinary;
    }

    /// <summary>The message without frame.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>Binary, not UTF-8 text.</summary>
    public bool IsBinary { get; }

    /// <summary>A text message. The memory is kept and must not change.</summary>
    public static SharedMessage Text(ReadOnlyMemory<byte> utf8) => new(utf8, isBinary: false);

    /// <summary>A binary message. The memory is kept and must not change.</summary>
    public static SharedMessage Binary(ReadOnlyMemory<byte> bytes) => new(bytes, isBinary: true);
}
