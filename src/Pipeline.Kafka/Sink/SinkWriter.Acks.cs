using System.Text;
using Pipeline.Core.Market;
using Pipeline.Kafka.Records;

namespace Pipeline.Kafka.Sink;

internal sealed partial class SinkWriter : IRecordOutlet
{
    private static readonly byte[] MarkerSchema = Encoding.ASCII.GetBytes(RecordSchema.Marker);

    /// <summary>Which log the offsets in markers are of; null while it is not known.</summary>
    public Func<string?> LogId { get; init; } = static () => null;

    /// <summary>Hands over what of a lane may go, on behalf of those who see deliveries; true when anything did.</summary>
    public bool Release(SinkLane lane)
    {
        Begin(null, lane);
        try
        {
            return lane.Awaiting.Release(this);
        }
        finally
        {
            Report();
        }
    }

    /// <summary>Hands over one record of <c>md.state</c> that is no state.</summary>
    /// <param name="value">Empty = a tombstone.</param>
    /// <param name="ticket">Comes back with the delivery.</param>
    public bool TryWriteControl(int partition, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ReadOnlySpan<byte> schema, int ticket)
    {
        Begin(null, null);
        try
        {
            return TryHandOver(_states, partition, key, value, _headers.ProducedTime, schema, ticket);
        }
        finally
        {
            Report();
        }
    }

    HandOver IRecordOutlet.Write(in Candle candle, string? connection)
    {
        _headers.SetLeg(connection);
        return TryWrite(_candles, candle) ? HandOver.Taken : HandOver.NoRoom;
    }

    HandOver IRecordOutlet.Write(in Gap gap, long? tradesOffset, string? connection)
    {
        _headers.SetLeg(connection);
        var value = _records.Write(gap, tradesOffset);
        return TrySendKeyed(_gaps, gap.Instrument, RecordKey.OfGap(gap, ref _key), value, gap.UpdatedTime) ? HandOver.Taken : HandOver.NoRoom;
    }

    HandOver IRecordOutlet.Write(InstrumentState state, long? tradesOffset, long? pricesOffset)
    {
        _headers.SetLeg(null);
        var key = state.Instrument.KeyUtf8.Span;
        var value = _records.Write(state, tradesOffset, pricesOffset);
        var isTooLarge = key.Length + value.Length + _headers.Size > _client.MaxRecord;
        if (!TrySend(_states, state.Instrument, value, _headers.ProducedTime))
        {
            return HandOver.NoRoom;
        }

        return isTooLarge ? HandOver.Refused : HandOver.Taken;
    }

    HandOver IRecordOutlet.Write(CheckpointMarker marker)
    {
        _headers.SetLeg(null);
        var whole = marker with { LogId = LogId(), Epoch = _epochs[marker.Partition], Time = _headers.ProducedTime };
        var key = Encoding.ASCII.GetBytes(StateKeys.Marker(marker.Partition));
        return TryHandOver(_states, marker.Partition, key, _records.Write(whole), whole.Time, MarkerSchema) ? HandOver.Taken : HandOver.NoRoom;
    }

    /// <summary>Holes that were announced are acknowledged before any later trade goes.</summary>
    private bool MayTradesPass() => _lane is null || _lane.MayTradesPass || _lane.WaitFor(SinkWait.Announcement);

    private bool TryPass(in Candle candle, string? connection)
    {
        var lane = _lane!;
        var shard = lane.ShardOf(PartitionOf(candle.Instrument));
        if (!lane.Awaiting.TryPass(candle, shard, connection, this))
        {
            return lane.WaitFor(lane.Awaiting.Length < lane.Awaiting.Capacity ? SinkWait.Room : SinkWait.AwaitingAcks);
        }

        lane.Touch(shard);
        return true;
    }

    private bool TryWrite(in Gap gap, string? connection)
    {
        var lane = _lane!;
        var shard = lane.ShardOf(PartitionOf(gap.Instrument));
        lane.Touch(shard);
        if (gap.State != GapState.Open)
        {
            return lane.Awaiting.TryAdd(gap, shard, connection) || lane.WaitFor(SinkWait.AwaitingAcks);
        }

        // The end of a hole before it may bear the same key: where ids begin anew, they come again.
        if (lane.Awaiting.HasGaps)
        {
            return lane.WaitFor(SinkWait.AwaitingAcks);
        }

        IRecordOutlet outlet = this;
        if (outlet.Write(gap, shard.Trades.OffsetAfter(shard.Trades.Taken), connection) == HandOver.NoRoom)
        {
            return lane.WaitFor(SinkWait.Room);
        }

        lane.Announced(shard);
        return true;
    }

    /// <summary>What stands behind the events of a batch.</summary>
    private bool TryEnd(MarketBatch batch, SinkLane lane)
    {
        // For the batches that follow, which do not ask.
        if (!MayTradesPass())
        {
            return false;
        }

        return (batch.States.Count == 0 && !batch.IsCheckpoint) || lane.TryCheckpoint(batch, PartitionOf);
    }

    private int PartitionOf(Instrument instrument) => _instruments.Of(instrument).Hash % _trades.Partitions.Length;
}
