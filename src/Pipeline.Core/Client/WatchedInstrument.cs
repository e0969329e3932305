using System.Reactive.Subjects;
using Pipeline.Core.Market;

namespace Pipeline.Core.Client;

/// <summary>
/// Those who watch one instrument. What comes for it is pushed on the thread of its lane: one that is slow holds the lane, and so in
/// the end the socket; nothing is lost by that, and nothing is queued.
/// </summary>
internal sealed class WatchedInstrument : IDisposable
{
    private readonly TopOfBookFold _book = new();

    public Subject<Trade> Trades { get; } = new();

    public Subject<Quote> Quotes { get; } = new();

    public Subject<Candle> Candles { get; } = new();

    public Subject<TopOfBook> Books { get; } = new();

    /// <param name="levels">Of the update: bids, then asks.</param>
    public void Push(in OrderBookUpdate update, ReadOnlySpan<BookLevel> levels)
    {
        // Folded while nobody looks too: the next who comes gets the whole book with the next change.
        if (_book.Apply(update, levels) is { } top)
        {
            Books.OnNext(top);
        }
    }

    /// <summary>Ends all that is watched.</summary>
    public void Dispose()
    {
        Trades.OnCompleted();
        Quotes.OnCompleted();
        Candles.OnCompleted();
        Books.OnCompleted();
    }
}
