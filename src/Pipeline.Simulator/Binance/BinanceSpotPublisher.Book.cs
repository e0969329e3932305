using Pipeline.Core.Market;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance;

/// <summary>Books: the changes of 100 ms and of a second, and the best levels.</summary>
internal sealed partial class BinanceSpotPublisher
{
    private readonly DepthChanges _depth = new();
    private readonly ValueList<BookChange> _regrouped = new();

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
                    _sender.Send(stream, unit, frame, sharesBook: true);
                }
            }

            PublishRegrouped(engine, symbol, stream, unit: 0, range);
            PublishRegrouped(engine, symbol, stream, unit: 1, range);
        }

        PublishPartialDepth(engine, symbol, wholeSecond);
    }

    /// <summary>The same changes to sessions with a grouping of their own: some of these, and what was left of the last ones.</summary>
    private void PublishRegrouped(SymbolEngine engine, SymbolStreams symbol, MarketStream stream, int unit, (long First, long Last) range)
    {
        foreach (var session in stream.Sessions(unit == 1))
        {
            if (!StreamSender.CutsAlone(session, stream))
            {
                continue;
            }

            var from = session.DepthCursors.TryGetValue(stream, out var cursor) ? cursor + 1 : range.First;
            var end = range.Last - ((range.Last - from + 1) * session.DepthPhase / 100);
            if (!engine.Book.History.CopyChanges(from, end, _regrouped))
            {
                session.DepthCursors.Remove(stream);
                continue;
            }

            _depth.Fold(_regrouped.Span);
            var frame = _sender.BeginFor(symbol.Format);
            BinancePayload.DepthUpdate(frame, symbol.Symbol, _depth, (from, end), _sender.Now, StreamSender.Divisor(unit));
            _sender.SendTo(session, stream, frame);
            if (session.DepthPhase == 0)
            {
                session.DepthCursors.Remove(stream);
            }
            else
            {
                session.DepthCursors[stream] = end;
            }
        }
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
