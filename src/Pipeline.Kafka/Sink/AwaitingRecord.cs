using Pipeline.Core.Market;

namespace Pipeline.Kafka.Sink;

/// <summary>A record that waits, and what for. Written out only when it goes: as a value it is smaller than as text.</summary>
internal struct AwaitingRecord
{
    /// <summary>Of a candle or a hole: its partition.</summary>
    public Shard? Shard;

    /// <summary>Null = a candle or a hole.</summary>
    public Checkpoint? Checkpoint;

    public string? Connection;

    public bool IsGap;

    public Candle Candle;

    public Gap Gap;

    /// <summary>Goes when so many records of <c>md.trades</c> are acknowledged; 0 = it only keeps its place.</summary>
    public long Trades;

    /// <summary>The same of <c>md.prices</c>.</summary>
    public long Prices;

    /// <summary>How much of the room it takes.</summary>
    public int Weight;

    public readonly bool IsDue => Shard!.Trades.IsAcknowledged(Trades) && Shard.Prices.IsAcknowledged(Prices);
}
