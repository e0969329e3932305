using Pipeline.Core.Market;
using Pipeline.Kafka.Records;

namespace Pipeline.Kafka.Sink;

/// <summary>Where records go that had to wait. All of it returns at once.</summary>
internal interface IRecordOutlet
{
    HandOver Write(in Candle candle, string? connection);

    HandOver Write(in Gap gap, long? tradesOffset, string? connection);

    /// <summary><see cref="HandOver.Refused"/> when it is too large.</summary>
    HandOver Write(InstrumentState state, long? tradesOffset, long? pricesOffset);

    /// <summary>Log, epoch and time are the outlet's to add.</summary>
    HandOver Write(CheckpointMarker marker);
}
