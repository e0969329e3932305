using System.IO.Enumeration;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Faults;

/// <summary>Whom a fault is meant for; what is null is anyone.</summary>
/// <param name="Venue">One venue of those the fault concerns.</param>
/// <param name="Connection">Number of a connection.</param>
/// <param name="Stream">A stream's name as published, or a pattern with <c>*</c>.</param>
/// <param name="Symbol">The venue's spelling.</param>
internal sealed record FaultFilter(SimulatedVenue? Venue, int? Connection, string? Stream, string? Symbol)
{
    // What stands between the parts of a stream's name, over all venues.
    private static readonly char[] Separators = ['@', ':', '.', '/', '_'];

    public bool TakesConnection(int id) => Connection is null || Connection == id;

    public bool TakesSymbol(string symbol) => Symbol is null || string.Equals(Symbol, symbol, StringComparison.OrdinalIgnoreCase);

    public bool TakesStream(string stream, IReadOnlyList<string> usual)
    {
        if (Symbol is not null && !HasPart(stream, Symbol))
        {
            return false;
        }

        return Stream is not null ? Matches(Stream, stream) : usual.Count == 0 || usual.Any(pattern => Matches(pattern, stream));
    }

    private static bool HasPart(string stream, string symbol) =>
        stream.Split(Separators).Contains(symbol, StringComparer.OrdinalIgnoreCase)
        || stream.Split(':').Contains(symbol, StringComparer.OrdinalIgnoreCase);

    private static bool Matches(string pattern, string stream) => FileSystemName.MatchesSimpleExpression(pattern, stream);
}
