using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance;

/// <summary>Books: the changes of 100 ms and of a second, and the best levels.</summary>
internal sealed partial class BinanceSpotPublisher
{
    private readonly DepthChanges _depth = new();

    public void OnBookInterval(SymbolEngine engine, bool wholeSecond)
    {
        var symbol = _streams.Of(engine);
        PublishDepth(engine, symbol, engine.Book.Unpublished, wholeSecond: false);
        if (wholeSecond)
        {
            PublishDepth(engine, symbol, engine.Book.ThisSecond, wholeSecond: true);
        }
    }

    private void PublishDepth(SymbolEngine engine, SymbolStreams symbol, ReadOnlySpan<BookChange> changes, bool wholeSecond)
    {
        if (changes.IsEmpty)
        {
            return;
        }

        var stream = symbol[SpotStreams.Depth(wholeSecond)];
        if (stream.IsWanted)
        {
            _depth.Fold(changes);
            var last = engine.Book.LastUpdateId;
            var range = (last - changes.Length + 1, last);
            for (var unit = 0; unit < StreamSender.Units; unit++)
            {
                if (_sender.Begin(stream, unit, symbol.Format) is { } frame)
                {
                    BinancePayload.DepthUpdate(frame, symbol.Symbol, _depth, range, _sender.Now, StreamSender.Divisor(unit));
                    _sender.Send(stream, unit, frame);
                }
            }
        }

        PublishPartialDepth(engine, symbol, wholeSecond);
    }

    private void PublishPartialDepth(SymbolEngine engine, SymbolStreams symbol, bool wholeSecond)
    {
        for (var size = 0; size < SpotStreams.PartialSizes.Length; size++)
        {
            var stream = symbol[SpotStreams.PartialDepth(size, wholeSecond)];
            for (var unit = 0; unit < StreamSender.Units; unit++)
            {
                if (_sender.Begin(stream, unit, symbol.Format) is { } frame)
                {
                    BinancePayload.PartialDepth(frame, engine.Book, SpotStreams.PartialSizes[size]);
                    _sender.Send(stream, unit, frame);
                }
            }
        }
    }
}
