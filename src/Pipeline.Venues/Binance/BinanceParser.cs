using Pipeline.Core.Feeds;

namespace Pipeline.Venues.Binance;

/// <summary>
/// Frames of a Binance market, raw or in the combined envelope. Three readers: the predictive one takes frames in the venue's usual field
/// order, the scanner those with the same fields in another order, and the order-free one takes everything else and decides what is right.
/// </summary>
internal abstract class BinanceParser<TMarket> : IVenueParser
    where TMarket : IBinanceMarket
{
    public void Parse(FrameBatch frames, VenueBatch into)
    {
        into.Source = frames.Source;
        into.ReceivedTime = frames.ReceivedTime;
        into.Frames += frames.Count;
        var symbols = frames.Source.Symbols;
        for (var i = 0; i < frames.Count; i++)
        {
            var frame = frames[i];
            if (frames.WireSize(i) > frame.Length)
            {
                into.AddDeadLetter(DeadLetterReason.TooLarge, frame, frames.WireSize(i));
            }
            else if (!TMarket.TryPredict(frame, symbols, into) && !BinanceFieldScanner.TryRead<TMarket>(frame, symbols, into))
            {
                var reason = BinanceOrderFreeReader.Read<TMarket>(frame, symbols, into);
                if (reason is not null)
                {
                    into.AddDeadLetter(reason, frame, frame.Length);
                }
            }
        }
    }
}
