namespace Pipeline.Core.Market;

/// <summary>A difference between two lists of a venue.</summary>
/// <param name="Before">Null when it is newly listed.</param>
/// <param name="After">As the newer list has it; null when it is gone from that.</param>
public sealed record InstrumentChange(InstrumentChangeKind Kind, InstrumentInfo? Before, InstrumentInfo? After)
{
    /// <summary>What happened to each instrument; nothing for those that are the same in both.</summary>
    public static IReadOnlyList<InstrumentChange> Between(IReadOnlyList<InstrumentInfo> before, IReadOnlyList<InstrumentInfo> after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var byId = Index(after, one => one.Id);
        var known = Index(before, one => one.Id);

        // Candidates for a new name: what was not there under its id before.
        var fresh = after.Where(one => !known.ContainsKey(one.Id)).ToList();
        var changes = new List<InstrumentChange>();
        foreach (var old in before)
        {
            if (byId.TryGetValue(old.Id, out var now))
            {
                if (KindOf(old, now) is { } kind)
                {
                    changes.Add(new InstrumentChange(kind, old, now));
                }

                continue;
            }

            var successor = fresh.Find(one => one.Symbol == old.Symbol || IsSameThing(one, old));
            changes.Add(new InstrumentChange(successor is null ? InstrumentChangeKind.Delisted : InstrumentChangeKind.Renamed, old, successor));
            if (successor is not null)
            {
                fresh.Remove(successor);
            }
        }

        return [.. changes, .. fresh.Select(one => new InstrumentChange(InstrumentChangeKind.Listed, null, one))];
    }

    private static InstrumentChangeKind? KindOf(InstrumentInfo before, InstrumentInfo after)
    {
        if (before == after)
        {
            return null;
        }

        if (after.Status == InstrumentStatus.Delisted && before.Status != InstrumentStatus.Delisted)
        {
            return InstrumentChangeKind.Delisted;
        }

        return before.Symbol == after.Symbol ? InstrumentChangeKind.Changed : InstrumentChangeKind.Renamed;
    }

    private static bool IsSameThing(InstrumentInfo one, InstrumentInfo other) =>
        one.Base == other.Base && one.Quote == other.Quote && one.Kind == other.Kind;

    private static Dictionary<string, InstrumentInfo> Index(IReadOnlyList<InstrumentInfo> list, Func<InstrumentInfo, string> key)
    {
        var index = new Dictionary<string, InstrumentInfo>(StringComparer.Ordinal);
        foreach (var one in list)
        {
            index.TryAdd(key(one), one);
        }

        return index;
    }
}
