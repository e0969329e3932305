using Pipeline.Fanout;
using Pipeline.Fanout.Outboxes;

namespace Pipeline.SocketIo.EngineIo;

/// <summary>The polling side of a session: what waits between polls, and who asks. Its session guards it.</summary>
internal sealed class PollingChannel(LinkOptions limits)
{
    /// <summary>An answer is closed with the message that takes it beyond this many bytes; the rest waits for the next poll.</summary>
    private const int AnswerBytes = 1024 * 1024;

    private long _messagesSent;
    private long _bytesSent;

    public Outbox Outbox { get; } = new(limits);

    /// <summary>The request that waits for something to send.</summary>
    public PendingPoll? Poll { get; set; }

    /// <summary>A request with data is under way.</summary>
    public bool IsPosting { get; set; }

    /// <summary>A ping waits. It is no message: it neither ages nor counts.</summary>
    public bool PingWaits { get; set; }

    /// <summary>When a poll that waits during an upgrade is let go; 0 = not.</summary>
    public long NoopAt { get; set; }

    /// <summary>The client has said that it closes; its last poll may still be on its way.</summary>
    public bool PeerCloses { get; set; }

    public bool HasSomething => PingWaits || Outbox.HasNext;

    /// <summary>Takes what waits, as far as it goes into one answer.</summary>
    public List<SharedMessage> Take()
    {
        var packets = new List<SharedMessage>();
        if (PingWaits)
        {
            PingWaits = false;
            packets.Add(EnginePackets.PingPacket);
        }

        var bytes = 0;
        while (bytes < AnswerBytes && Outbox.TryTake(out var item))
        {
            var message = item.Conflated > 0 && item.Message.HasConflatedSlot
                ? SharedMessage.Text(item.Message.PayloadWith(item.Conflated))
                : item.Message;
            bytes += Add(packets, message);
            _messagesSent++;
        }

        _bytesSent += bytes;
        return packets;
    }

    /// <summary>What went out with polls, and what waits for the next.</summary>
    public LinkStatistics Statistics() => new()
    {
        MessagesSent = _messagesSent,
        BytesSent = _bytesSent,
        Conflated = Outbox.Conflated,
        Dropped = Outbox.Dropped,
        Waiting = Outbox.Count,
        WaitingBytes = Outbox.Bytes,
    };

    private static int Add(List<SharedMessage> packets, SharedMessage message)
    {
        if (message.Parts is not { } parts)
        {
            packets.Add(message);
            return PollingPayload.Measure(message);
        }

        var bytes = 0;
        foreach (var part in parts)
        {
            packets.Add(part);
            bytes += PollingPayload.Measure(part);
        }

        return bytes;
    }
}
