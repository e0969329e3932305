namespace Pipeline.Core.Market;

/// <summary>What a venue lists now of an instrument that it used to list under another name.</summary>
public static class InstrumentSuccessors
{
    /// <summary>
    /// The one instrument that goes on for <paramref name="name"/>: a record bears that name, be it as a former one, and the venue lists
    /// the record's id or its symbol. Null when there is none, or more than one. Tokens are never renamed.
    /// </summary>
    /// <param name="listing">What the venue lists.</param>
    /// <param name="known">What was written of the venue's instruments before.</param>
    public static InstrumentInfo? Find(string name, InstrumentDirectory listing, IEnumerable<InstrumentRecord> known)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(listing);
        ArgumentNullException.ThrowIfNull(known);
        var folded = InstrumentNames.Fold(name);
        var meant = known.Where(record => record.Info.Kind != InstrumentKind.Token && IsCalled(record, listing.Venue, folded)).ToList();
        List<InstrumentInfo> successors =
        [
            .. listing.All.Where(one => one.Status != InstrumentStatus.Delisted
                && meant.Exists(record => record.Info.Id == one.Id || record.Info.Symbol == one.Symbol)),
        ];
        return successors is [var only] ? only : null;
    }

    private static bool IsCalled(InstrumentRecord record, string venue, string folded) =>
        record.Aliases.Append(record.Info.Id).Append($"{venue}:{record.Info.Id}").Any(spelling => InstrumentNames.Fold(spelling) == folded);
}
