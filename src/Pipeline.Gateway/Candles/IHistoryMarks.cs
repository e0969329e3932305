namespace Pipeline.Gateway.Candles;

/// <summary>Up to where the hub has been told that it need not keep candles.</summary>
internal interface IHistoryMarks
{
    /// <summary>First offset of a partition that the hub still has; 0 when it was told nothing. For any thread.</summary>
    long KeptFrom(int partition);
}
