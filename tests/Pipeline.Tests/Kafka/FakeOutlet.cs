using Pipeline.Core.Market;
using Pipeline.Kafka.Records;
using Pipeline.Kafka.Sink;

namespace Pipeline.Tests.Kafka;

/// <summary>Takes what is let go, counts it in the partition's ledger, and writes down what it was.</summary>
internal sealed class FakeOutlet : IRecordOutlet
{
    private readonly Shard _shard;

    public FakeOutlet(Shard shard) => _shard = shard;

    /// <summary>What was written, oldest first.</summary>
    public List<string> Written { get; } = [];

    public List<Gap> Gaps { get; } = [];

    public List<CheckpointMarker> Markers { get; } = [];

    /// <summary>Records that still fit.</summary>
    public int Room { get; set; } = int.MaxValue;

    public bool RefusesStates { get; set; }

    public HandOver Write(in Candle candle, string? connection) =>
        Take(_shard.Candles, $"candle {candle.Updates} {candle.State} {connection}".TrimEnd());

    public HandOver Write(in Gap gap, long? tradesOffset, string? connection)
    {
        var outcome = Take(_shard.Gaps, $"gap {gap.FromId} {gap.State} @{tradesOffset}");
        if (outcome == HandOver.Taken)
        {
            Gaps.Add(gap);
        }

        return outcome;
    }

    public HandOver Write(InstrumentState state, long? tradesOffset, long? pricesOffset) => RefusesStates
        ? HandOver.Refused
        : Take(_shard.State, $"state {state.Trades!.Frontier} @{tradesOffset}/{pricesOffset}");

    public HandOver Write(CheckpointMarker marker)
    {
        var outcome = Take(_shard.State, $"marker {marker.Partition}");
        if (outcome == HandOver.Taken)
        {
            Markers.Add(marker);
        }

        return outcome;
    }

    private HandOver Take(PartitionLedger ledger, string what)
    {
        if (Room == 0)
        {
            return HandOver.NoRoom;
        }

        Room--;
        ledger.Take(1);
        Written.Add(what);
        return HandOver.Taken;
    }
}
