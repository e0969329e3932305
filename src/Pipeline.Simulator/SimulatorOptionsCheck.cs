using Pipeline.Core.Topology;

namespace Pipeline.Simulator;

/// <summary>Refuses options that cannot work, with the key's name; symbols are checked where they are built.</summary>
internal static class SimulatorOptionsCheck
{
    private const double HighestRate = 1_000_000;
    private const int LongestName = 64;
    private const long SmallestOutbox = 64 * 1024;

    /// <exception cref="SimulatorStartException">An option cannot work.</exception>
    public static void Check(SimulatorOptions options)
    {
        Require(options.TradesPerSecond is >= 0 and <= HighestRate, "tradesPerSecond must be from 0 to 1,000,000");
        Require(options.QuotesPerSecond is >= 0 and <= HighestRate, "quotesPerSecond must be from 0 to 1,000,000");
        Require(options.MaxUnsentBytes >= SmallestOutbox, "maxUnsentBytes must be at least 65,536");
        Require(options.Replay is not { Speed: < 0 or double.NaN or double.PositiveInfinity }, "replay.speed must be 0 or more");
        Require(!options.Load || options.Replay is null, "load must be false with a replay, which has its own speed");
        Require(
            options.Symbols.All(symbol => IsPair(symbol.Instrument)),
            $"symbols must be two names of letters and digits with a dash between, at most {LongestName} in all");
        var names = options.Symbols.GroupBy(symbol => symbol.Instrument, StringComparer.OrdinalIgnoreCase);
        Require(names.All(group => group.Count() == 1), "symbols must not repeat");
    }

    private static bool IsPair(string name) =>
        name.Length <= LongestName && name.Split('-') is [{ Length: > 0 } first, { Length: > 0 } second]
        && (first + second).All(char.IsLetterOrDigit);

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new SimulatorStartException($"simulator: {message}.");
        }
    }
}
