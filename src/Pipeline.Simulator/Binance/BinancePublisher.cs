using System.Text;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance;

/// <summary>
/// Turns what happens in the world into frames: encoded once per event, time unit and envelope, copied into the outboxes of all
/// sessions that subscribed, and handed to the sockets together at the end of the turn.
/// </summary>
internal sealed class BinancePublisher : IMarketListener
{
    private static readonly byte[][] Intervals = [.. KlineKey.All.Select(key => Encoding.ASCII.GetBytes(key.Interval.Name))];

    private readonly FrameBuilder _frame = new();
    private readonly DepthChanges _depth = new();
    private readonly List<BinanceSession> _touched = [];
    private StreamDirectory _streams = new([]);
    private long _now;

    /// <summary>Names the streams; before the world starts.</summary>
    public void Open(StreamDirectory streams) => _streams = streams;

    public void BeginTurn(long now) => _now = now;

    public void OnTrade(SymbolEngine engine, in EngineTrade trade)
    {
        var symbol = _streams.Of(engine);
        for (var unit = 0; unit < 2; unit++)
        {
            if (Begin(symbol.Trade, unit, out var sessions))
            {
                BinancePayload.Trade(_frame, symbol.Symbol, trade, _now, Divisor(unit));
                Publish(symbol.Trade, sessions);
            }
        }
    }

    public void OnAggregateTrade(SymbolEngine engine, in AggregateTrade trade)
    {
        var symbol = _streams.Of(engine);
        for (var unit = 0; unit < 2; unit++)
        {
            if (Begin(symbol.AggregateTrade, unit, out var sessions))
            {
                BinancePayload.AggregateTrade(_frame, symbol.Symbol, trade, _now, Divisor(unit));
                Publish(symbol.AggregateTrade, sessions);
            }
        }
    }

    public void OnQuote(SymbolEngine engine)
    {
        var symbol = _streams.Of(engine);
        for (var unit = 0; unit < 2; unit++)
        {
            if (Begin(symbol.BookTicker, unit, out var sessions))
            {
                BinancePayload.BookTicker(_frame, symbol.Symbol, engine.Book);
                Publish(symbol.BookTicker, sessions);
            }
        }
    }

    public void OnBookInterval(SymbolEngine engine, bool wholeSecond)
    {
        var symbol = _streams.Of(engine);
        PublishDepth(engine, symbol, engine.Book.Unpublished, wholeSecond: false);
        if (wholeSecond)
        {
            PublishDepth(engine, symbol, engine.Book.ThisSecond, wholeSecond: true);
        }
    }

    public void OnKline(SymbolEngine engine, int series, in KlineBar bar, bool closed)
    {
        var symbol = _streams.Of(engine);
        var stream = symbol.Kline(series);
        for (var unit = 0; unit < 2; unit++)
        {
            if (Begin(stream, unit, out var sessions))
            {
                BinancePayload.Kline(_frame, symbol.Symbol, Intervals[series], bar, closed, _now, Divisor(unit));
                Publish(stream, sessions);
            }
        }
    }

    public void OnSecond(SymbolEngine engine)
    {
    }

    public void EndTurn()
    {
        foreach (var session in _touched)
        {
            session.HasUnsent = false;
            session.Connection.Wake();
        }

        _touched.Clear();
    }

    private static long Divisor(int unit) => unit == 0 ? UnixTime.Millisecond : 1;

    private void PublishDepth(SymbolEngine engine, SymbolStreams symbol, ReadOnlySpan<BookChange> changes, bool wholeSecond)
    {
        if (changes.IsEmpty)
        {
            return;
        }

        var stream = symbol.Depth(wholeSecond);
        if (stream.IsWanted)
        {
            _depth.Fold(changes);
            var last = engine.Book.LastUpdateId;
            for (var unit = 0; unit < 2; unit++)
            {
                if (Begin(stream, unit, out var sessions))
                {
                    var range = (last - changes.Length + 1, last);
                    BinancePayload.DepthUpdate(_frame, symbol.Symbol, _depth, range, _now, Divisor(unit));
                    Publish(stream, sessions);
                }
            }
        }

        PublishPartialDepth(engine, symbol, wholeSecond);
    }

    private void PublishPartialDepth(SymbolEngine engine, SymbolStreams symbol, bool wholeSecond)
    {
        for (var size = 0; size < SymbolStreams.PartialSizes.Length; size++)
        {
            var stream = symbol.PartialDepth(size, wholeSecond);
            for (var unit = 0; unit < 2; unit++)
            {
                if (Begin(stream, unit, out var sessions))
                {
                    BinancePayload.PartialDepth(_frame, engine.Book, SymbolStreams.PartialSizes[size]);
                    Publish(stream, sessions);
                }
            }
        }
    }

    /// <summary>True when somebody wants the stream in this unit (1 = microseconds): then a payload is begun.</summary>
    private bool Begin(MarketStream stream, int unit, out BinanceSession[] sessions)
    {
        sessions = stream.Sessions(unit == 1);
        if (sessions.Length == 0)
        {
            return false;
        }

        _frame.Begin();
        return true;
    }

    private void Publish(MarketStream stream, BinanceSession[] sessions)
    {
        ReadOnlySpan<byte> bare = default;
        ReadOnlySpan<byte> combined = default;
        foreach (var session in sessions)
        {
            if (session.Combined)
            {
                combined = combined.IsEmpty ? _frame.Combined(stream.Envelope) : combined;
                session.Connection.Publish(stream.Name, combined);
            }
            else
            {
                bare = bare.IsEmpty ? _frame.Bare() : bare;
                session.Connection.Publish(stream.Name, bare);
            }

            if (!session.HasUnsent)
            {
                session.HasUnsent = true;
                _touched.Add(session);
            }
        }
    }
}
