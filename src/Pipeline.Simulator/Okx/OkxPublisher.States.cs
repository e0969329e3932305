using Pipeline.Simulator.Sockets;


namespace Pipeline.Simulator.Okx;

/// <summary>Channels that tell a state: at their own pace, and to a newcomer at once. Paces are counted in intervals of 100 ms.</summary>
internal sealed partial class OkxPublisher
{
    private const long MarkInterval = 2;
    private const long MarkAtLeastEvery = 100;
    private const long IndexAtLeastEvery = 600;
    private const long OpenInterestInterval = 30;
    private const long FundingInterval = 600;

    private void PublishStates(OkxInstrument instrument)
    {
        Publish(instrument, instrument.Tickers, instrument.TickerIsDirty, OkxPayload.Ticker);
        instrument.TickerIsDirty = false;
        if (instrument.MarkPrice is { } mark)
        {
            var due = instrument.Intervals % MarkInterval == 0;
            Publish(instrument, mark, IsReferenceDue(instrument, due, MarkAtLeastEvery), OkxSwapPayload.MarkPrice);
        }

        if (instrument.IndexTicker is { } index)
        {
            Publish(instrument, index, IsReferenceDue(instrument, due: true, IndexAtLeastEvery), OkxSwapPayload.IndexTicker);
        }

        if (instrument.OpenInterestChannel is { } interest)
        {
            Publish(instrument, interest, instrument.Intervals % OpenInterestInterval == 0, OkxSwapPayload.OpenInterest);
        }

        if (instrument.FundingRate is { } funding)
        {
            Publish(instrument, funding, instrument.Intervals % FundingInterval == 0, OkxSwapPayload.FundingRate);
        }
    }

    /// <summary>Mark and index are pushed when they have changed, and now and then though they have not.</summary>
    private static bool IsReferenceDue(OkxInstrument instrument, bool due, long atLeastEvery)
    {
        var price = instrument.ReferencePrice;
        if (!(due && price != instrument.LastReference) && instrument.Intervals - instrument.ReferencePushedAt < atLeastEvery)
        {
            return false;
        }

        instrument.LastReference = price;
        instrument.ReferencePushedAt = instrument.Intervals;
        return true;
    }

    private void Publish(OkxInstrument instrument, OkxChannel channel, bool due, Action<FrameBuilder, OkxInstrument, long> write)
    {
        if (!channel.IsWanted || (!due && !channel.Subscribers.AnyWaiting))
        {
            return;
        }

        Begin(channel);
        write(_frame, instrument, _now);
        _frame.Text("]}"u8);
        if (due)
        {
            _sender.Send(channel.Subscribers.Active, _frame.Bare());
        }

        _sender.Send(channel.Subscribers.Admit(), _frame.Bare());
    }
}
