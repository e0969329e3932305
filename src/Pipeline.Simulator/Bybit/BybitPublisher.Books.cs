using Pipeline.Simulator.Faults;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Bybit;

/// <summary>Books: a snapshot, then changes; of the best levels snapshots alone.</summary>
internal sealed partial class BybitPublisher
{
    // The best levels are told again when they have not changed for so long.
    private const long RepeatAfter = 3 * UnixTime.Second;

    private void PublishBook(BybitSymbol symbol, BybitBook book)
    {
        var subscribers = book.Topic.Subscribers;
        if (!subscribers.IsWanted)
        {
            return;
        }

        var due = book.IsDirty && _now - book.PushedAt >= book.Interval;
        if (due || subscribers.AnyWaiting)
        {
            Update(symbol, book);
        }
        else if (book.Depth == 1 && _now - book.PushedAt >= RepeatAfter)
        {
            book.PushedAt = _now;
            Push(symbol, book, snapshot: true, subscribers.Active);
        }

        if (subscribers.AnyWaiting)
        {
            Push(symbol, book, snapshot: true, subscribers.Admit());
        }
    }

    private void Update(BybitSymbol symbol, BybitBook book)
    {
        if (ConnectionFaults.StrikesAny(book.Topic.Subscribers.Active, FaultId.F63, book.Topic.Name))
        {
            Restart(symbol, book);
            return;
        }

        book.IsDirty = false;
        if (book.View.Update(symbol.Engine.Book))
        {
            book.UpdateId++;
            book.PushedAt = _now;
            Push(symbol, book, snapshot: book.Depth == 1, book.Topic.Subscribers.Active);
        }
    }

    /// <summary>As after a restart of the venue, which has forgotten its update ids.</summary>
    private void Restart(BybitSymbol symbol, BybitBook book)
    {
        book.View.Update(symbol.Engine.Book);
        (book.IsDirty, book.UpdateId, book.PushedAt) = (false, 1, _now);
        Push(symbol, book, snapshot: true, book.Topic.Subscribers.Active);
    }

    private void Push(BybitSymbol symbol, BybitBook book, bool snapshot, ReadOnlySpan<IPublishedSession> sessions)
    {
        if (sessions.IsEmpty)
        {
            return;
        }

        Begin(book.Topic);
        var bids = snapshot ? book.View.Bids : book.View.BidChanges;
        var asks = snapshot ? book.View.Asks : book.View.AskChanges;
        _frame.Text(snapshot ? "\"type\":\"snapshot\""u8 : "\"type\":\"delta\""u8).Text(",\"ts\":"u8).Integer(_now / UnixTime.Millisecond)
            .Text(",\"data\":{"u8);
        BybitPayload.Book(_frame, symbol, bids, asks, book.UpdateId);
        _frame.Text("},\"cts\":"u8).Integer(_now / UnixTime.Millisecond).Text("}"u8);
        _sender.Send(sessions, _frame.Bare());
    }
}
