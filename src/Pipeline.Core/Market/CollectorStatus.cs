namespace Pipeline.Core.Market;

/// <summary>How a collector fares with one venue, the value of <c>md.status</c>. Counts are since the start of the collector.</summary>
public sealed record CollectorStatus
{
    public required string Collector { get; init; }

    public required string Venue { get; init; }

    /// <summary>By the market clock, microseconds since the Unix epoch.</summary>
    public required long Time { get; init; }

    /// <summary><c>starting</c>, <c>running</c> or <c>stopped</c>.</summary>
    public required string State { get; init; }

    /// <summary>Why it is not well, in words; null when it is.</summary>
    public string? Reason { get; init; }

    /// <summary>Of the collector, seconds.</summary>
    public long Uptime { get; init; }

    public int Connections { get; init; }

    public int OpenConnections { get; init; }

    /// <summary>Streams wished for.</summary>
    public int Streams { get; init; }

    public int ConfirmedStreams { get; init; }

    /// <summary>Streams by health, in the order of <see cref="HealthState"/>; shorter or empty when nobody watches.</summary>
    public IReadOnlyList<int> Health { get; init; } = [];

    public long Messages { get; init; }

    public long MessagesPerSecond { get; init; }

    public long Bytes { get; init; }

    public long BytesPerSecond { get; init; }

    /// <summary>Arrival less event time of the newest trade, microseconds; null before the first.</summary>
    public long? Lag { get; init; }

    public long Reconnects { get; init; }

    public long Disconnects { get; init; }

    public long ConnectFailures { get; init; }

    public long Holes { get; init; }

    public long Missing { get; init; }

    public long DeadLetters { get; init; }

    public long Dropped { get; init; }

    /// <summary>Working set of the collector's process, bytes.</summary>
    public long Memory { get; init; }

    /// <summary>The fullest of the collector's queues; empty when all are.</summary>
    public string Queue { get; init; } = "";

    public long QueueLength { get; init; }

    public long QueueCapacity { get; init; }
}
