using Pipeline.Core.Market;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Bybit;

/// <summary>Turns what happens in the world into pushes, each encoded once for all who subscribed.</summary>
internal sealed partial class BybitPublisher : IMarketListener
{
    private const long TickerInterval = 50 * UnixTime.Millisecond;

    private readonly FrameBuilder _frame = new();
    private readonly FrameSender _sender = new();
    private readonly ValueList<EngineTrade> _trades = new();
    private BybitDirectory _directory = new([]);
    private BybitSymbol? _tradesOf;
    private long _now;

    /// <summary>Whether trade ids are UUIDs, as on derivatives; otherwise numbers as text, as on spot.</summary>
    public bool UuidTradeIds { get; set; }

    /// <summary>Names the topics; before the world starts.</summary>
    public void Open(BybitDirectory directory) => _directory = directory;

    public void BeginTurn(long now) => _now = now;

    public void OnTrade(SymbolEngine engine, in EngineTrade trade)
    {
        var symbol = _directory.Of(engine);
        symbol.TickerIsDirty = true;
        if (symbol.Trades.IsWanted)
        {
            _tradesOf = symbol;
            _trades.Add(trade);
        }
    }

    public void OnAggregateTrade(SymbolEngine engine, in AggregateTrade trade)
    {
    }

    public void OnQuote(SymbolEngine engine)
    {
        var symbol = _directory.Of(engine);
        FlushTrades();
        foreach (var book in symbol.Books)
        {
            book.IsDirty = true;
        }
    }

    public void OnBookInterval(SymbolEngine engine, bool wholeSecond)
    {
    }

    public void OnKline(SymbolEngine engine, int series, in KlineBar bar, bool closed)
    {
        if (_directory.Of(engine).Kline(series) is { } kline && kline.Topic.IsWanted)
        {
            Begin(kline.Topic);
            _frame.Text("\"data\":["u8);
            BybitPayload.Kline(_frame, kline.Interval, bar, closed, _now);
            _frame.Text("],\"ts\":"u8).Integer(_now / UnixTime.Millisecond).Text(",\"type\":\"snapshot\"}"u8);
            _sender.Send(kline.Topic.Subscribers.Active, _frame.Bare());
        }
    }

    public void OnSecond(SymbolEngine engine)
    {
    }

    public void EndTurn()
    {
        foreach (var symbol in _directory.Symbols)
        {
            foreach (var book in symbol.Books)
            {
                PublishBook(symbol, book);
            }

            PublishTicker(symbol);
        }

        _sender.Flush();
    }

    /// <summary>The trades of one taker order go in one push.</summary>
    private void FlushTrades()
    {
        if (_tradesOf is not { } symbol)
        {
            return;
        }

        Begin(symbol.Trades);
        _frame.Text("\"type\":\"snapshot\",\"ts\":"u8).Integer(_now / UnixTime.Millisecond).Text(",\"data\":["u8);
        for (var i = 0; i < _trades.Count; i++)
        {
            _frame.Text(i == 0 ? ""u8 : ","u8);
            BybitPayload.Trade(_frame, symbol, _trades[i], UuidTradeIds);
        }

        _frame.Text("]}"u8);
        _sender.Send(symbol.Trades.Subscribers.Active, _frame.Bare());
        _trades.Clear();
        _tradesOf = null;
    }

    private void PublishTicker(BybitSymbol symbol)
    {
        var subscribers = symbol.Ticker.Subscribers;
        var due = symbol.TickerIsDirty && _now - symbol.TickerPushedAt >= TickerInterval;
        if (!subscribers.IsWanted || (!due && !subscribers.AnyWaiting))
        {
            return;
        }

        Begin(symbol.Ticker);
        _frame.Text("\"ts\":"u8).Integer(_now / UnixTime.Millisecond).Text(",\"type\":\"snapshot\",\"cs\":"u8).Integer(symbol.CrossSequence)
            .Text(",\"data\":"u8);
        BybitPayload.Ticker(_frame, symbol, symbol.Engine.Statistics(_now));
        _frame.Text("}}"u8);
        if (due)
        {
            symbol.TickerIsDirty = false;
            symbol.TickerPushedAt = _now;
            _sender.Send(subscribers.Active, _frame.Bare());
        }

        _sender.Send(subscribers.Admit(), _frame.Bare());
    }

    private void Begin(BybitTopic topic)
    {
        _sender.Stream = topic.Name;
        _frame.Begin();
        _frame.Text(topic.Head);
    }
}
