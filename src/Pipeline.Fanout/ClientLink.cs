using System.Net;

namespace Pipeline.Fanout;

/// <summary>
/// One client's open WebSocket with its outbox. Posting is for any thread, never blocks and never waits; what waits together leaves in one
/// write. No task, timer or channel wakes per client and message.
/// </summary>
public sealed class ClientLink
{
    /// <summary>Unique in this process.</summary>
    public long Id { get; }

    public IPAddress Address { get; } = IPAddress.None;

    /// <summary>Messages that wait.</summary>
    public int Waiting => throw new NotImplementedException();

    /// <summary>Bytes that wait.</summary>
    public long WaitingBytes => throw new NotImplementedException();

    /// <summary>Queues a message.</summary>
    /// <param name="key">What a newer message replaces: a stream, a candle. Null = never replaced. A required message of a key removes the waiting conflatable one.</param>
    /// <returns>False when the link is closed, or was cut because of this message.</returns>
    public bool Post(SharedMessage message, Delivery delivery, object? key = null) => throw new NotImplementedException();

    /// <summary>Writes what waits as far as the socket takes it, then the close frame.</summary>
    public void Close(int code, string reason) => throw new NotImplementedException();
}
