namespace Pipeline.Core.Market;

/// <summary>The instruments of one venue, found under any of their names. Immutable.</summary>
public sealed class InstrumentDirectory
{
    // The better the name, the lower: of several instruments under one spelling the one with the best claim is meant.
    private const int AsId = 0;
    private const int AsSymbol = 1;
    private const int AsAlias = 2;
    private const int WithOtherCase = 10;

    private readonly Dictionary<string, List<Entry>> _entries = new(StringComparer.Ordinal);

    /// <param name="isComplete">False when these are not all that the venue lists.</param>
    public InstrumentDirectory(string venue, IReadOnlyList<InstrumentInfo> instruments, bool isComplete = true)
    {
        ArgumentNullException.ThrowIfNull(instruments);
        Venue = venue;
        All = instruments;
        IsComplete = isComplete;
        foreach (var instrument in instruments)
        {
            Add(instrument.Id, AsId, instrument);
            Add($"{venue}:{instrument.Id}", AsId, instrument);
            Add(instrument.Symbol, AsSymbol, instrument);
            foreach (var alias in InstrumentNames.AliasesOf(instrument))
            {
                Add(alias, AsAlias, instrument);
            }
        }
    }

    public string Venue { get; }

    public IReadOnlyList<InstrumentInfo> All { get; }

    /// <summary>False when it was made from names by the venue's rule of spelling: then it proves nothing about what the venue lists.</summary>
    public bool IsComplete { get; }

    /// <summary>A directory of what the names may stand for, made without the venue's list.</summary>
    /// <param name="symbolOf">The venue's spelling of an id; null when it cannot have it.</param>
    public static InstrumentDirectory OfNames(string venue, IEnumerable<string> names, Func<string, string?> symbolOf)
    {
        var ids = names.SelectMany(InstrumentNames.GuessIds).Distinct(StringComparer.Ordinal);
        return new InstrumentDirectory(venue, [.. ids.Select(id => Describe(venue, id, symbolOf(id))).OfType<InstrumentInfo>()], isComplete: false);
    }

    /// <summary>What is known of an instrument from its name alone; null when the name is no id, or the venue cannot have it.</summary>
    public static InstrumentInfo? Describe(string venue, string id, string? symbol) =>
        symbol is not null && InstrumentNames.TrySplit(id, out var parts)
            ? new InstrumentInfo(venue, id, symbol, parts.Kind, parts.Base, parts.Quote, null, null, null, InstrumentStatus.Trading)
            : null;

    /// <summary>The instruments a name stands for: one, or none when nothing has it, or several when it does not say which.</summary>
    public IReadOnlyList<InstrumentInfo> Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!_entries.TryGetValue(InstrumentNames.Fold(name), out var entries))
        {
            return [];
        }

        // Two mint addresses may differ in case alone.
        var fitting = entries.Where(entry => entry.Spelling == name || entry.Instrument.Kind != InstrumentKind.Token)
            .GroupBy(entry => entry.Rank + (entry.Spelling == name ? 0 : WithOtherCase)).MinBy(group => group.Key);
        return fitting is null ? [] : [.. fitting.Select(entry => entry.Instrument).Distinct()];
    }

    /// <summary>The instruments of which any name fits a pattern, in which <c>*</c> stands for any characters; in the venue's order.</summary>
    public IReadOnlyList<InstrumentInfo> Match(string pattern)
    {
        var parts = InstrumentNames.Fold(pattern).Split('*');
        return [.. All.Where(one =>
            Fits(one.Id, parts) || Fits(one.Symbol, parts) || InstrumentNames.AliasesOf(one).Any(alias => Fits(alias, parts)))];
    }

    private static bool Fits(string name, string[] parts)
    {
        var rest = InstrumentNames.Fold(name).AsSpan();
        if (!rest.StartsWith(parts[0], StringComparison.Ordinal))
        {
            return false;
        }

        rest = rest[parts[0].Length..];
        for (var i = 1; i < parts.Length - 1; i++)
        {
            var at = rest.IndexOf(parts[i], StringComparison.Ordinal);
            if (at < 0)
            {
                return false;
            }

            rest = rest[(at + parts[i].Length)..];
        }

        return parts.Length == 1 ? rest.IsEmpty : rest.EndsWith(parts[^1], StringComparison.Ordinal);
    }

    private void Add(string spelling, int rank, InstrumentInfo instrument)
    {
        var folded = InstrumentNames.Fold(spelling);
        if (!_entries.TryGetValue(folded, out var entries))
        {
            _entries.Add(folded, entries = []);
        }

        entries.Add(new Entry(spelling, rank, instrument));
    }

    private sealed record Entry(string Spelling, int Rank, InstrumentInfo Instrument);
}
