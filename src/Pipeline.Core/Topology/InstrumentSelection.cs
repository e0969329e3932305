using Pipeline.Core.Market;
using Pipeline.Core.Topology.Keys;

namespace Pipeline.Core.Topology;

/// <summary>The instruments that a venue's entries in a topology stand for.</summary>
/// <param name="Instruments">Each once, in the order of the entries, without those that are in error.</param>
/// <param name="Errors">Entries that stand for nothing, or do not say for what, and instruments that would share a symbol.</param>
/// <param name="Warnings">What is taken although it may disappoint.</param>
public sealed record InstrumentSelection(
    IReadOnlyList<InstrumentInfo> Instruments, IReadOnlyList<string> Errors, IReadOnlyList<string> Warnings)
{
    private const int MostNames = 5;

    /// <summary>Legs of those of which an entry says so, by id: one that names the instrument counts before others, then the first.</summary>
    public IReadOnlyDictionary<string, int> Legs { get; init; } = new Dictionary<string, int>();

    /// <param name="turnover">Turnover of 24 hours by symbol; needed when an entry asks for the most traded ones.</param>
    /// <param name="taken">
    /// Ids of those that are taken already: of the most traded ones they stay until a fifth as many (at least one) as are asked for are
    /// traded more, so that two of about the same turnover do not take turns.
    /// </param>
    public static InstrumentSelection Of(
        IReadOnlyList<InstrumentChoice> choices,
        InstrumentDirectory directory,
        IReadOnlyDictionary<string, Number>? turnover = null,
        IReadOnlySet<string>? taken = null)
    {
        ArgumentNullException.ThrowIfNull(choices);
        ArgumentNullException.ThrowIfNull(directory);
        var (errors, selected) = (new List<string>(), new List<InstrumentInfo>());
        var (named, others) = (new Dictionary<string, int>(StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.Ordinal));
        foreach (var choice in choices)
        {
            var found = choice.Name switch
            {
                null => MostTraded(choice, directory, turnover, taken),
                _ when choice.IsOpen => directory.Match(choice.Name),
                var name => directory.Find(name),
            };
            var live = found.Where(one => one.Status != InstrumentStatus.Delisted).ToList();
            if (Complain(choice, directory, found, live) is { } error)
            {
                errors.Add(error);
            }
            else
            {
                selected.AddRange(live);
                if (choice.Legs is { } legs)
                {
                    live.ForEach(one => (choice.IsOpen ? others : named).TryAdd(one.Id, legs));
                }
            }
        }

        List<InstrumentInfo> instruments = [.. selected.DistinctBy(one => one.Id)];
        var shared = instruments.GroupBy(one => one.Symbol, StringComparer.Ordinal).Where(group => group.Skip(1).Any()).ToList();
        errors.AddRange(shared.Select(group => $"{directory.Venue}: {Names([.. group])} are all {group.Key} there: keep the one that is meant"));

        // Of two instruments under one symbol, all data would go to the first.
        instruments = [.. instruments.Except(shared.SelectMany(group => group))];
        foreach (var (id, legs) in others)
        {
            named.TryAdd(id, legs);
        }

        return new InstrumentSelection(instruments, errors, [.. Warn(directory.Venue, instruments)]) { Legs = named };
    }

    private static List<InstrumentInfo> MostTraded(
        InstrumentChoice choice, InstrumentDirectory directory, IReadOnlyDictionary<string, Number>? turnover, IReadOnlySet<string>? taken)
    {
        List<InstrumentInfo> ranked = [.. directory.All
            .Where(one => one.Status == InstrumentStatus.Trading)
            .Where(one => choice.Kind is null || one.Kind == choice.Kind)
            .Where(one => choice.Quote is null || InstrumentNames.Fold(one.Quote) == InstrumentNames.Fold(choice.Quote))
            .Where(one => turnover?.ContainsKey(one.Symbol) == true)
            .OrderByDescending(one => turnover![one.Symbol])
            .ThenBy(one => one.Id, StringComparer.Ordinal)];
        var patience = Math.Max(1, choice.Top / 5);
        var kept = ranked.Take(choice.Top + patience).Where(one => taken?.Contains(one.Id) == true).Take(choice.Top).ToList();
        var chosen = kept.Concat(ranked.Except(kept)).Take(choice.Top).ToHashSet();
        return [.. ranked.Where(chosen.Contains)];
    }

    /// <summary>Null when the entry says what is meant.</summary>
    private static string? Complain(
        InstrumentChoice choice, InstrumentDirectory directory, IReadOnlyList<InstrumentInfo> found, List<InstrumentInfo> live)
    {
        var venue = directory.Venue;
        choice = choice with { Legs = null };
        if (found.Count > 0 && live.Count == 0)
        {
            return $"{venue}: {choice} is no longer listed";
        }

        if (live.Count == 0)
        {
            return $"{venue} has no {choice}{Nearest(choice, directory)}";
        }

        return choice.IsOpen || live.Count == 1 ? null : $"{venue}: {choice} may be {Names(live)}: write one of them";
    }

    private static string Nearest(InstrumentChoice choice, InstrumentDirectory directory)
    {
        if (choice.IsOpen)
        {
            return directory.IsComplete ? $" among its {directory.All.Count} instruments" : "";
        }

        var name = choice.Name!;
        var near = InstrumentNames.GuessIds(name).SelectMany(directory.Find).Select(one => one.Id).Distinct().Take(MostNames).ToList();
        if (near.Count == 0)
        {
            var spellings = directory.All.Select(one => one.Id).Concat(directory.All.Select(one => one.Symbol)).Distinct();
            near = [.. Spelling.NearestFew(name, spellings, MostNames)];
        }

        return near.Count == 0 ? "" : $"; did you mean {string.Join(" or ", near)}?";
    }

    private static IEnumerable<string> Warn(string venue, List<InstrumentInfo> instruments)
    {
        foreach (var group in instruments.Where(one => one.Status != InstrumentStatus.Trading).GroupBy(one => one.Status))
        {
            var state = group.Key == InstrumentStatus.Halted ? "not traded at the moment" : "not traded yet";
            yield return $"{venue}: {Names([.. group])}: {state}";
        }
    }

    private static string Names(List<InstrumentInfo> instruments) =>
        string.Join(", ", instruments.Take(MostNames).Select(one => one.Id))
        + (instruments.Count > MostNames ? $" and {instruments.Count - MostNames} more" : "");
}
