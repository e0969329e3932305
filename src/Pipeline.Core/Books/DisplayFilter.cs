using Pipeline.Core.Market;
using Pipeline.Core.Sequencing;

namespace Pipeline.Core.Books;

/// <summary>
/// Marks quotes and books whose mid price hardly moved since the last one that was not marked, the two kinds apart; a slow drift passes
/// as soon as it adds up. Exact: prices are never rounded. One without both sides, or crossed, is never minor, and neither is the one
/// behind it. A whole book is never minor, since readers begin with it.
/// Built only when it is wanted.
/// </summary>
internal sealed class DisplayFilter(Number threshold)
{
    private readonly InstrumentMap<Passed> _passed = new(_ => new Passed());

    /// <summary>Null when it is off.</summary>
    public static DisplayFilter? Of(DisplayFilterOptions? options) => options is { Enabled: true } ? new DisplayFilter(options.Threshold) : null;

    /// <summary>Marks the quotes and the partial books of a batch.</summary>
    public void Mark(MarketBatch batch)
    {
        foreach (var happened in batch.Events.Span)
        {
            if (happened.Kind == MarketEventKind.Quote)
            {
                ref var quote = ref batch.Quotes[happened.Index];
                var hasBoth = quote.BidQuantity.IsPositive && quote.AskQuantity.IsPositive;
                quote = quote with { Minor = IsMinor(ref _passed[quote.Instrument].Quote, hasBoth, quote.Bid, quote.Ask) };
            }
            else if (happened.Kind == MarketEventKind.BookUpdate && batch.BookUpdates[happened.Index].Kind == BookUpdateKind.Partial)
            {
                ref var book = ref batch.BookUpdates[happened.Index];
                var levels = batch.Levels.Span.Slice(book.FirstLevel, book.Bids + book.Asks);
                var hasBoth = book.Bids > 0 && book.Asks > 0;
                var (bid, ask) = hasBoth ? (levels[0].Price, levels[book.Bids].Price) : default;
                book = book with { Minor = IsMinor(ref _passed[book.Instrument].Book, hasBoth, bid, ask) };
            }
        }
    }

    /// <summary>Marks the record of a held book.</summary>
    public void Mark(ref OrderBookUpdate record, OrderBook book)
    {
        ref var last = ref _passed[record.Instrument].Book;
        if (record.Kind == BookUpdateKind.Snapshot)
        {
            last = null;
        }

        var hasBoth = book.Bids.Count > 0 && book.Asks.Count > 0;
        var (bid, ask) = hasBoth ? (book.Bids.At(0).Price, book.Asks.At(0).Price) : default;
        record = record with { Minor = IsMinor(ref last, hasBoth, bid, ask) };
    }

    private bool IsMinor(ref WideNumber? last, bool hasBoth, Number bid, Number ask)
    {
        // Bid and ask added up are twice the mid: compared with another such sum, the half drops out.
        if (!hasBoth || bid >= ask || !WideNumber.TryAdd(bid, ask, out var sum))
        {
            last = null;
            return false;
        }

        if (last is { } passed && IsNear(sum, passed))
        {
            return true;
        }

        last = sum;
        return false;
    }

    private bool IsNear(WideNumber sum, WideNumber passed)
    {
        if (!WideNumber.TryAdd(sum, new WideNumber(-passed.Mantissa, passed.Scale), out var change)
            || !WideNumber.TryMultiply(passed, threshold, out var limit))
        {
            return false;
        }

        return new WideNumber(Int128.Abs(change.Mantissa), change.Scale) < limit;
    }

    /// <summary>Twice the mid of the last that passed.</summary>
    private sealed class Passed
    {
        public WideNumber? Quote;
        public WideNumber? Book;
    }
}
