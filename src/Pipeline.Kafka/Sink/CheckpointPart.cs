using Pipeline.Kafka.Records;

namespace Pipeline.Kafka.Sink;

/// <summary>What of a checkpoint concerns one partition: how much of each topic the states in it count.</summary>
internal sealed class CheckpointPart(Shard shard)
{
    private readonly long _trades = shard.Trades.Taken;
    private readonly long _prices = shard.Prices.Taken;
    private long _candles;
    private long _gaps;
    private long _states;

    public Shard Shard => shard;

    /// <summary>False when a state could not be written: then the one before holds, and so does the marker before.</summary>
    public bool IsWhole { get; set; } = true;

    public bool IsAcknowledged => shard.Trades.IsAcknowledged(_trades)
        && shard.Prices.IsAcknowledged(_prices)
        && shard.Candles.IsAcknowledged(_candles)
        && shard.Gaps.IsAcknowledged(_gaps);

    public bool AreStatesAcknowledged => shard.State.IsAcknowledged(_states);

    public long? TradesOffset => shard.Trades.OffsetAfter(_trades);

    public long? PricesOffset => shard.Prices.OffsetAfter(_prices);

    public CheckpointMarker Marker => new(
        shard.Number, TradesOffset, PricesOffset, shard.Candles.OffsetAfter(_candles), shard.Gaps.OffsetAfter(_gaps), null, 0, 0);

    /// <summary>All candles and holes before the checkpoint were handed over.</summary>
    public void Begin()
    {
        _candles = shard.Candles.Taken;
        _gaps = shard.Gaps.Taken;
    }

    /// <summary>All states were handed over.</summary>
    public void EndStates() => _states = shard.State.Taken;
}
