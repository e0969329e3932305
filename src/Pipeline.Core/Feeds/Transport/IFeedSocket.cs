namespace Pipeline.Core.Feeds.Transport;

/// <summary>An open socket. One receive at a time; one send at a time, which may overlap it.</summary>
public interface IFeedSocket : IDisposable
{
    /// <summary>Close code the other side sent, such as 1008; null until then.</summary>
    int? CloseStatus { get; }

    /// <summary>The words that came with it.</summary>
    string? CloseDescription { get; }

    /// <summary>Whether compression was negotiated with the handshake.</summary>
    bool IsCompressed => false;

    /// <summary>Bytes of frames received so far as they came, headers included, before inflation. May be read at any time.</summary>
    long WireBytes => 0;

    /// <summary>
    /// Receives the next part of a message into <paramref name="buffer"/>. Completes synchronously while data is at hand: that is
    /// how the receive loop knows which frames arrived together. Fails through the returned task, never by throwing itself.
    /// </summary>
    ValueTask<FeedReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellation);

    /// <summary>Sends one text message.</summary>
    ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation);

    /// <summary>Sends a normal close; the other side's answer ends the pending receive.</summary>
    ValueTask CloseAsync(CancellationToken cancellation);

    /// <summary>Drops the connection at once; a pending receive fails.</summary>
    void Abort();
}
