using Pipeline.Core.Market;
using Pipeline.Gateway.Streams;

namespace Pipeline.Gateway.Hub;

/// <summary>One record of the log, with what its key and a few fields say. Its bytes never change and may be kept.</summary>
internal readonly record struct StreamRecord
{
    public TopicKind Topic { get; init; }

    public int Partition { get; init; }

    /// <summary>Kafka offset: the <c>seq</c> of clients.</summary>
    public long Offset { get; init; }

    /// <summary>Time of production, microseconds since the Unix epoch, UTC (Kafka keeps milliseconds).</summary>
    public long Timestamp { get; init; }

    /// <summary><c>venue:instrument</c>, one string object per instrument; <c>collector:venue</c> in <c>md.status</c>.</summary>
    public string Instrument { get; init; }

    /// <summary>Of a candle, else null.</summary>
    public CandleInterval? Interval { get; init; }

    /// <summary>Start of a candle's window, microseconds; 0 for other records.</summary>
    public long OpenTime { get; init; }

    public RecordState State { get; init; }

    public ReadOnlyMemory<byte> Key { get; init; }

    /// <summary>The JSON as it lies in the log; empty for a tombstone.</summary>
    public ReadOnlyMemory<byte> Value { get; init; }

    public CandleSeries Series => new(Instrument, Interval ?? throw new InvalidOperationException("The record is no candle."));
}
