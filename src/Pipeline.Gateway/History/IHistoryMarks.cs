namespace Pipeline.Gateway.History;

/// <summary>Up to where the hub has let candles go. Only for the hub's thread.</summary>
internal interface IHistoryMarks
{
    /// <summary>First offset of a partition that the hub still has; 0 when it was told to let nothing go.</summary>
    long KeptFrom(int partition);
}
