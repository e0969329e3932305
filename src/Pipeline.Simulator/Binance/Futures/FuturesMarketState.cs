using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance.Futures;

/// <summary>What the publisher remembers of a symbol between events.</summary>
internal sealed class FuturesMarketState(long updateId)
{
    /// <summary>Last update id told, by speed.</summary>
    public long[] Published { get; } = [.. Enumerable.Repeat(updateId, FuturesStreams.Speeds)];

    /// <summary>Intervals of 100 ms so far.</summary>
    public int Intervals { get; set; }

    /// <summary>The largest liquidation of the running second.</summary>
    public Liquidation? Largest { get; set; }

    /// <summary>Trades when the last small ticker was told.</summary>
    public long TickedId { get; set; }
}
