namespace Pipeline.Fanout;

/// <summary>Figures of one link, or the sum over all there are and were.</summary>
public sealed record LinkStatistics
{
    /// <summary>Messages handed to the system.</summary>
    public long MessagesSent { get; init; }

    /// <summary>Bytes handed to the system, with frames.</summary>
    public long BytesSent { get; init; }

    public long MessagesReceived { get; init; }

    public long BytesReceived { get; init; }

    /// <summary>Messages replaced by a newer one of their key.</summary>
    public long Conflated { get; init; }

    /// <summary>Messages dropped: volatile ones, and what waited when a link was cut.</summary>
    public long Dropped { get; init; }

    /// <summary>Messages that wait, with those held back.</summary>
    public long Waiting { get; init; }

    /// <summary>Bytes that wait, with those held back.</summary>
    public long WaitingBytes { get; init; }

    /// <summary>Messages that wait for a maximum rate.</summary>
    public long HeldBack { get; init; }

    /// <summary>Time since the last frame of the client; of a sum, always zero.</summary>
    public TimeSpan SilentFor { get; init; }

    internal LinkStatistics Plus(LinkStatistics other) => new()
    {
        MessagesSent = MessagesSent + other.MessagesSent,
        BytesSent = BytesSent + other.BytesSent,
        MessagesReceived = MessagesReceived + other.MessagesReceived,
        BytesReceived = BytesReceived + other.BytesReceived,
        Conflated = Conflated + other.Conflated,
        Dropped = Dropped + other.Dropped,
        Waiting = Waiting + other.Waiting,
        WaitingBytes = WaitingBytes + other.WaitingBytes,
        HeldBack = HeldBack + other.HeldBack,
    };
}
