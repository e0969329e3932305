using Pipeline.Core.Market;

namespace Pipeline.Venues.Bybit;

/// <summary>
/// A topic taken apart: <c>publicTrade.BTCUSDT</c>, <c>orderbook.200.BTCUSDT</c>, <c>kline.1.BTCUSDT</c>, <c>tickers.BTCUSDT</c>. It is
/// the one place where every message names its symbol: rows of candles have none.
/// </summary>
internal readonly ref struct BybitTopic
{
    public BybitChannel Channel { get; private init; }

    public ReadOnlySpan<byte> Symbol { get; private init; }

    /// <summary>Of a candle; null for intervals we do not have.</summary>
    public CandleInterval? Interval { get; private init; }

    public static BybitTopic Read(ReadOnlySpan<byte> topic)
    {
        var dot = topic.IndexOf((byte)'.');
        if (dot < 0)
        {
            return default;
        }

        var name = topic[..dot];
        var rest = topic[(dot + 1)..];
        return name.SequenceEqual("publicTrade"u8) ? new BybitTopic { Channel = BybitChannel.Trade, Symbol = rest }
            : name.SequenceEqual("tickers"u8) ? new BybitTopic { Channel = BybitChannel.Ticker, Symbol = rest }
            : name.SequenceEqual("orderbook"u8) ? ReadBook(rest)
            : name.SequenceEqual("kline"u8) ? ReadKline(rest)
            : default;
    }

    /// <summary>Depths are numbers; <c>orderbook.rpi</c> and <c>orderbook.full</c> have rules of their own and are not ours.</summary>
    private static BybitTopic ReadBook(ReadOnlySpan<byte> rest)
    {
        var dot = rest.IndexOf((byte)'.');
        if (dot <= 0 || rest[..dot].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return default;
        }

        var channel = rest[..dot].SequenceEqual("1"u8) ? BybitChannel.Quote : BybitChannel.Book;
        return new BybitTopic { Channel = channel, Symbol = rest[(dot + 1)..] };
    }

    private static BybitTopic ReadKline(ReadOnlySpan<byte> rest)
    {
        var dot = rest.IndexOf((byte)'.');
        return dot <= 0
            ? default
            : new BybitTopic { Channel = BybitChannel.Kline, Symbol = rest[(dot + 1)..], Interval = BybitInterval.Find(rest[..dot]) };
    }
}
