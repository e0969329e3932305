using Pipeline.Gateway.Hub;

namespace Pipeline.Gateway.History;

/// <summary>What the hub holds of candles between two records. Only within a call of <see cref="ICandleHub"/>.</summary>
internal interface ICandleTail
{
    /// <summary>Id of the log; empty while none is known.</summary>
    string LogId { get; }

    /// <summary>Partition of a series; -1 while none of its candles was seen.</summary>
    int PartitionOf(CandleSeries series);

    /// <summary>Offset of the next candle record of a partition; -1 before the log began.</summary>
    long PositionOf(int partition);

    /// <summary>The newest record of each candle beyond an offset, oldest candle first.</summary>
    IReadOnlyList<StreamRecord> CandlesAfter(CandleSeries series, int partition, long offset);

    /// <summary>Candles of a partition up to this offset, itself included, need not be kept.</summary>
    void Release(int partition, long offset);
}
