namespace Pipeline.Simulator.World;

/// <summary>What happened in the time before a moment.</summary>
/// <param name="Bar">Sums and extremes; its open time is the window's, <c>FirstId</c> -1 without trades.</param>
/// <param name="PreviousClose">Last price before the window.</param>
internal readonly record struct RollingStatistics(KlineBar Bar, long PreviousClose)
{
    public const long Day = 24L * 3600 * UnixTime.Second;

    /// <summary>The moment.</summary>
    public long CloseTime { get; init; }

    /// <summary>Quantity of the newest trade, 0 when there was never one.</summary>
    public long LastQuantity { get; init; }

    /// <summary>Time of the newest trade, that of the start when there was never one.</summary>
    public long LastTime { get; init; }

    public long Change => Bar.Close - Bar.Open;

    /// <summary>Mean price, weighted by quantity, cut to eight decimals; 0 without trades.</summary>
    public long WeightedAverage => Bar.Volume == 0 ? 0 : (long)(Bar.QuoteVolume / Bar.Volume);

    /// <summary>Change in thousandths of a percent.</summary>
    public long ChangePerHundredThousand => Bar.Open == 0 ? 0 : (long)((Int128)Change * 100_000 / Bar.Open);
}
