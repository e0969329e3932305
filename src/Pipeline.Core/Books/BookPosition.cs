using Pipeline.Core.Market;

namespace Pipeline.Core.Books;

/// <summary>Where a book is in its venue's series, and what an update means there.</summary>
/// <param name="Id">Last id applied.</param>
/// <param name="Previous">What the update with that id named as its previous; -1 behind a snapshot.</param>
/// <param name="IsBridge">No update was applied since the snapshot: the next one may begin before it.</param>
internal readonly record struct BookPosition(long Id, long Previous, bool IsBridge)
{
    public static BookPosition Behind(in OrderBookUpdate update) =>
        new(update.LastUpdateId, update.PreviousUpdateId, IsBridge: update.Kind == BookUpdateKind.Snapshot);

    public BookFit Judge(BookRule rule, in OrderBookUpdate update) => rule switch
    {
        BookRule.Range => JudgeRange(update),
        BookRule.Previous => JudgePrevious(update),
        BookRule.Chain => JudgeChain(update),
        _ => update.LastUpdateId > Id ? BookFit.Next : BookFit.Old,
    };

    /// <summary>
    /// Binance spot (text of 2025-11-12): the older text wants U ≤ L + 1 ≤ u of the first one, the newer U ≤ L ≤ u; both hold with this.
    /// </summary>
    private BookFit JudgeRange(in OrderBookUpdate update)
    {
        if (update.LastUpdateId <= Id)
        {
            return BookFit.Old;
        }

        return update.FirstUpdateId <= Id + 1 ? BookFit.Next : BookFit.Gap;
    }

    /// <summary>
    /// Binance futures: <c>pu</c> names the update before. At the bridge U ≤ L ≤ u or pu = L; pu &lt; L &lt; U is right too, since
    /// nothing happened between pu and U.
    /// </summary>
    private BookFit JudgePrevious(in OrderBookUpdate update)
    {
        if (update.LastUpdateId < Id || (update.LastUpdateId == Id && !IsBridge))
        {
            return BookFit.Old;
        }

        var goesOn = IsBridge
            ? update.FirstUpdateId <= Id || (update.PreviousUpdateId >= 0 && update.PreviousUpdateId <= Id)
            : update.PreviousUpdateId == Id;
        return goesOn ? BookFit.Next : BookFit.Gap;
    }

    /// <summary>
    /// OKX: <c>prevSeqId</c> must be the last <c>seqId</c>. Ids tell nothing about age, since the venue may count anew, so that what
    /// does not follow is a gap unless it is the last update once more.
    /// </summary>
    private BookFit JudgeChain(in OrderBookUpdate update)
    {
        var (id, previous) = (update.LastUpdateId, update.PreviousUpdateId);
        if (previous != Id)
        {
            return id == Id && previous == Previous ? BookFit.Old : BookFit.Gap;
        }

        if (id == previous && update.Bids + update.Asks == 0)
        {
            return BookFit.KeepAlive;
        }

        return id < previous ? BookFit.Reset : BookFit.Next;
    }
}
