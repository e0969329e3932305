using Pipeline.Simulator.Faults;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Okx;

/// <summary>
/// Books. All sessions get the same chain of updates; a newcomer waits for the end of the running interval, when snapshot and chain
/// meet.
/// </summary>
internal sealed partial class OkxPublisher
{
    // A minute without a change is told.
    private const long KeepAliveIntervals = 600;

    /// <summary>Once a turn, which is no longer than ten milliseconds, and before the other books of an interval.</summary>
    private void PublishBestLevels(OkxInstrument instrument)
    {
        var channel = instrument.BestLevels;
        if (!channel.IsWanted)
        {
            return;
        }

        var keepAlive = instrument.Intervals - instrument.BestPushedAt >= KeepAliveIntervals;
        if (!instrument.BestIsDirty && !keepAlive && !channel.Subscribers.AnyWaiting)
        {
            return;
        }

        var changed = instrument.BestView.Update(instrument.Engine.Book);
        instrument.BestIsDirty = false;
        if (changed || keepAlive)
        {
            instrument.BestPushedAt = instrument.Intervals;
            PublishWhole(instrument, channel, instrument.BestView, channel.Subscribers.Active, named: false);
        }

        PublishWhole(instrument, channel, instrument.BestView, channel.Subscribers.Admit(), named: false);
    }

    private void PublishTopBook(OkxInstrument instrument)
    {
        var channel = instrument.TopBook;
        if (!channel.IsWanted)
        {
            return;
        }

        if (instrument.TopView.Update(instrument.Engine.Book) || instrument.Intervals - instrument.TopPushedAt >= KeepAliveIntervals)
        {
            instrument.TopPushedAt = instrument.Intervals;
            PublishWhole(instrument, channel, instrument.TopView, channel.Subscribers.Active, named: true);
        }

        PublishWhole(instrument, channel, instrument.TopView, channel.Subscribers.Admit(), named: true);
    }

    private void PublishWhole(
        OkxInstrument instrument, OkxChannel channel, BookView view, ReadOnlySpan<IPublishedSession> sessions, bool named)
    {
        if (sessions.IsEmpty)
        {
            return;
        }

        Begin(channel);
        _frame.Text("{"u8);
        OkxPayload.Book(_frame, instrument, view.Asks, view.Bids);
        if (named)
        {
            _frame.Text(",\"instId\":\""u8).Text(instrument.Id).Text("\""u8);
        }

        _frame.Text(",\"ts\":\""u8).Integer(_now / UnixTime.Millisecond)
            .Text("\",\"seqId\":"u8).Integer(instrument.SequenceOf(instrument.Engine.Book.LastUpdateId)).Text("}"u8);
        End(sessions);
    }

    private void PublishBook(OkxInstrument instrument)
    {
        var channel = instrument.Book;
        if (!channel.IsWanted)
        {
            return;
        }

        if (ConnectionFaults.StrikesAny(channel.Subscribers.Active, FaultId.F56, channel.Arg.Name))
        {
            instrument.ResetSequence();
        }

        var changed = instrument.BookView.Update(instrument.Engine.Book) || instrument.SequenceIsReset;
        if (changed || instrument.Intervals - instrument.BookPushedAt >= KeepAliveIntervals)
        {
            var previous = instrument.Sequence;
            if (changed)
            {
                instrument.Sequence = instrument.SequenceOf(instrument.Engine.Book.LastUpdateId);
                instrument.SequenceIsReset = false;
            }

            instrument.BookPushedAt = instrument.Intervals;
            var view = instrument.BookView;
            PublishBook(instrument, "\"update\""u8, view.AskChanges, view.BidChanges, previous, channel.Subscribers.Active);
        }

        PublishBook(
            instrument, "\"snapshot\""u8, instrument.BookView.Asks, instrument.BookView.Bids, -1, channel.Subscribers.Admit());
    }

    private void PublishBook(
        OkxInstrument instrument,
        ReadOnlySpan<byte> action,
        ReadOnlySpan<PriceLevel> asks,
        ReadOnlySpan<PriceLevel> bids,
        long previous,
        ReadOnlySpan<IPublishedSession> sessions)
    {
        if (sessions.IsEmpty)
        {
            return;
        }

        _sender.Stream = instrument.Book.Arg.Name;
        _frame.Begin();
        _frame.Text(instrument.Book.Head).Text("\"action\":"u8).Text(action).Text(",\"data\":[{"u8);
        OkxPayload.Book(_frame, instrument, asks, bids);
        _frame.Text(",\"ts\":\""u8).Integer(_now / UnixTime.Millisecond).Text("\",\"checksum\":0,\"prevSeqId\":"u8).Integer(previous)
            .Text(",\"seqId\":"u8).Integer(instrument.Sequence).Text("}"u8);
        End(sessions);
    }
}
