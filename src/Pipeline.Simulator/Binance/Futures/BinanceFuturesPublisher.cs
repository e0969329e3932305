using System.Text;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance.Futures;

/// <summary>Turns what happens in the perpetual markets into frames.</summary>
internal sealed partial class BinanceFuturesPublisher : IMarketListener
{
    private static readonly byte[][] Intervals = [.. KlineKey.All.Select(key => Encoding.ASCII.GetBytes(key.Interval.Name))];

    private readonly StreamSender _sender = new();
    private readonly Dictionary<string, ArrayStream> _arrays = new(StringComparer.Ordinal);
    private StreamDirectory _streams = new([], FuturesStreams.Types, FuturesStreams.MarketWide);
    private FuturesMarketState[] _markets = [];

    /// <summary>Names the streams; before the world starts.</summary>
    public void Open(StreamDirectory streams, IEnumerable<SymbolEngine> engines)
    {
        _streams = streams;
        _markets = [.. engines.Select(engine => new FuturesMarketState(engine.Book.LastUpdateId))];
        foreach (var name in FuturesStreams.MarketWide)
        {
            _arrays[name] = new ArrayStream(streams.MarketWide(name));
        }
    }

    public void BeginTurn(long now) => _sender.BeginTurn(now);

    public void OnTrade(SymbolEngine engine, in EngineTrade trade)
    {
        var symbol = _streams.Of(engine);
        if (Begin(symbol, FuturesStreams.Trade) is { } frame)
        {
            FuturesPayload.Trade(frame, symbol.Symbol, trade, _sender.Now);
            Send(symbol, FuturesStreams.Trade, frame);
        }
    }

    public void OnAggregateTrade(SymbolEngine engine, in AggregateTrade trade)
    {
        var symbol = _streams.Of(engine);
        if (Begin(symbol, FuturesStreams.AggregateTrade) is { } frame)
        {
            FuturesPayload.AggregateTrade(frame, symbol.Symbol, trade, _sender.Now);
            Send(symbol, FuturesStreams.AggregateTrade, frame);
        }
    }

    /// <summary>Kept for the end of its second: at most one per symbol and second is told, and of several the largest.</summary>
    public void OnLiquidation(SymbolEngine engine, in Liquidation liquidation)
    {
        var market = _markets[engine.Spec.Index];
        if (market.Largest is not { } largest || largest.Quantity < liquidation.Quantity)
        {
            market.Largest = liquidation;
        }
    }

    public void OnQuote(SymbolEngine engine)
    {
        var symbol = _streams.Of(engine);
        if (Begin(symbol, FuturesStreams.BookTicker) is { } frame)
        {
            FuturesPayload.BookTicker(frame, symbol.Symbol, engine.Book, _sender.Now);
            Send(symbol, FuturesStreams.BookTicker, frame);
        }

        var all = _streams.MarketWide(FuturesStreams.BookTickers);
        if (_sender.Begin(all, 0, symbol.Format) is { } one)
        {
            FuturesPayload.BookTicker(one, symbol.Symbol, engine.Book, _sender.Now);
            _sender.Send(all, 0, one);
        }
    }

    public void OnKline(SymbolEngine engine, int series, in KlineBar bar, bool closed)
    {
        var type = FuturesStreams.Kline(series);
        var symbol = _streams.Of(engine);
        if (type >= 0 && Begin(symbol, type) is { } frame)
        {
            BinancePayload.Kline(frame, symbol.Symbol, Intervals[series], bar, closed, _sender.Now, UnixTime.Millisecond);
            Send(symbol, type, frame);
        }
    }

    public void EndTurn()
    {
        foreach (var array in _arrays.Values)
        {
            array.Flush(_sender);
        }

        _sender.EndTurn();
    }

    private FrameBuilder? Begin(SymbolStreams symbol, int type) => _sender.Begin(symbol[type], 0, symbol.Format);

    private void Send(SymbolStreams symbol, int type, FrameBuilder frame) => _sender.Send(symbol[type], 0, frame);
}
