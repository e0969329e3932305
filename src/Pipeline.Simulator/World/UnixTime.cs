namespace Pipeline.Simulator.World;

/// <summary>Spans in microseconds, the only unit of time in the world; see <see cref="Core.Market.MarketTime"/>.</summary>
internal static class UnixTime
{
    public const long Millisecond = 1_000;
    public const long Second = 1_000_000;
}
