using Pipeline.Core.Market;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance.Futures;

/// <summary>Books at three speeds.</summary>
internal sealed partial class BinanceFuturesPublisher
{
    private readonly DepthChanges _depth = new();
    private readonly ValueList<BookChange> _changes = new();

    public void OnBookInterval(SymbolEngine engine, bool wholeSecond)
    {
        var market = _markets[engine.Spec.Index];
        market.Intervals++;
        for (var speed = 0; speed < FuturesStreams.Speeds; speed++)
        {
            if (IsDue(speed, market.Intervals))
            {
                PublishBook(engine, _streams.Of(engine), market, speed);
            }
        }
    }

    /// <summary>250 ms are two intervals and three in turn.</summary>
    private static bool IsDue(int speed, int interval) => speed switch
    {
        0 => true,
        1 => interval % 5 is 2 or 0,
        _ => interval % 5 == 0,
    };

    private void PublishBook(SymbolEngine engine, SymbolStreams symbol, FuturesMarketState market, int speed)
    {
        var (previous, last) = (market.Published[speed], engine.Book.LastUpdateId);
        if (last == previous)
        {
            return;
        }

        market.Published[speed] = last;
        var stream = symbol[FuturesStreams.Depth(speed)];
        if (stream.IsWanted && engine.Book.History.CopyChanges(previous + 1, last, _changes))
        {
            _depth.Fold(_changes.Span);
            var frame = _sender.BeginFor(symbol.Format);
            FuturesPayload.DepthUpdate(frame, symbol.Symbol, _depth, new FuturesRange(FirstId(previous), last, previous), _sender.Now);
            _sender.Send(stream, 0, frame);
        }

        for (var size = 0; size < FuturesStreams.PartialSizes.Length; size++)
        {
            if (Begin(symbol, FuturesStreams.PartialDepth(size, speed)) is { } partial)
            {
                var range = new FuturesRange(previous + 1, last, previous);
                FuturesPayload.PartialDepth(partial, symbol.Symbol, engine.Book, FuturesStreams.PartialSizes[size], range, _sender.Now);
                Send(symbol, FuturesStreams.PartialDepth(size, speed), partial);
            }
        }
    }

    /// <summary>
    /// Ids go to changes that are not told too, so <c>U</c> may be above <c>pu</c> + 1: here when the first change was overtaken by a
    /// later one of the same level.
    /// </summary>
    private long FirstId(long previous)
    {
        foreach (var level in _depth.Bids)
        {
            if (level.Sequence == 0)
            {
                return previous + 1;
            }
        }

        foreach (var level in _depth.Asks)
        {
            if (level.Sequence == 0)
            {
                return previous + 1;
            }
        }

        return previous + 2;
    }
}
