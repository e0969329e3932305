using System.Text;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Bybit;

/// <summary>A spot pair, its topics and what was published of it. Changed by the publisher alone.</summary>
internal sealed class BybitSymbol
{
    /// <summary>The venue's bar lengths and the world's; all windows are those of UTC.</summary>
    public static readonly IReadOnlyDictionary<string, int> Intervals = new (string Name, string Interval)[]
    {
        ("1", "1m"), ("3", "3m"), ("5", "5m"), ("15", "15m"), ("30", "30m"), ("60", "1h"), ("120", "2h"), ("240", "4h"), ("360", "6h"),
        ("720", "12h"), ("D", "1d"), ("W", "1w"), ("M", "1M"),
    }.ToDictionary(bar => bar.Name, bar => KlineKey.Find(bar.Interval), StringComparer.Ordinal);

    private readonly (BybitTopic Topic, byte[] Interval)?[] _klines = new (BybitTopic, byte[])?[KlineKey.All.Count];
    private readonly List<BybitTopic> _topics = [];

    public BybitSymbol(SymbolEngine engine)
    {
        Engine = engine;
        Spec = engine.Spec;
        Name = Encoding.UTF8.GetBytes(Spec.Symbol);
        PriceDecimals = NumberFormat.Futures(Spec).Price;
        Trades = Make("publicTrade");
        Ticker = Make("tickers", hasState: true);
        Books =
        [
            .. BybitBook.Depths.Select(one => new BybitBook(
                one.Depth, one.Interval, Make($"orderbook.{one.Depth}", hasState: true), engine.Book.LastUpdateId / 10)),
        ];
        foreach (var (name, series) in Intervals)
        {
            _klines[series] = (Make("kline." + name), Encoding.ASCII.GetBytes(name));
        }
    }

    public SymbolEngine Engine { get; }

    public SymbolSpec Spec { get; }

    public byte[] Name { get; }

    /// <summary>Decimals of prices of trades, books and tickers: those of the step, zeros included.</summary>
    public int PriceDecimals { get; }

    public BybitTopic Trades { get; }

    public BybitTopic Ticker { get; }

    public IReadOnlyList<BybitBook> Books { get; }

    public IReadOnlyList<BybitTopic> Topics => _topics;

    public bool TickerIsDirty { get; set; } = true;

    public long TickerPushedAt { get; set; }

    /// <summary>Orders what all topics tell of the symbol.</summary>
    public long CrossSequence => Engine.Book.LastUpdateId;

    /// <summary>Null for bars the venue does not have.</summary>
    /// <param name="series">Index into <see cref="KlineKey.All"/>.</param>
    public (BybitTopic Topic, byte[] Interval)? Kline(int series) => _klines[series];

    private BybitTopic Make(string kind, bool hasState = false)
    {
        var topic = new BybitTopic($"{kind}.{Spec.Symbol}", hasState);
        _topics.Add(topic);
        return topic;
    }
}
