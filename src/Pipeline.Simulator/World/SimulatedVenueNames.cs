namespace Pipeline.Simulator.World;

/// <summary>Names of venues as topologies and the control port have them.</summary>
internal static class SimulatedVenueNames
{
    private static readonly string[] Names = ["binance", "binance-futures", "okx", "bybit", "solana"];

    public static IReadOnlyList<string> All => Names;

    public static string Name(this SimulatedVenue venue) => Names[(int)venue];

    public static bool TryFind(string name, out SimulatedVenue venue)
    {
        var index = Array.IndexOf(Names, name);
        venue = (SimulatedVenue)Math.Max(0, index);
        return index >= 0;
    }
}
