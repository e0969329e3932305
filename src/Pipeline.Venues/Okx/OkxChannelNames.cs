using Pipeline.Core.Market;

namespace Pipeline.Venues.Okx;

/// <summary>From the bytes of a channel's name to what its rows are.</summary>
internal static class OkxChannelNames
{
    public static OkxChannel Find(ReadOnlySpan<byte> name, out CandleInterval? interval)
    {
        interval = null;
        if (name.StartsWith("candle"u8))
        {
            interval = OkxCandles.FindInterval(name["candle"u8.Length..]);
            return interval is null ? OkxChannel.Other : OkxChannel.Candle;
        }

        return name.SequenceEqual("trades"u8) ? OkxChannel.Trades
            : name.SequenceEqual("trades-all"u8) ? OkxChannel.AllTrades
            : name.SequenceEqual("bbo-tbt"u8) ? OkxChannel.BestQuote
            : name.SequenceEqual("books"u8) ? OkxChannel.Book
            : name.SequenceEqual("books5"u8) ? OkxChannel.PartialBook
            : name.SequenceEqual("tickers"u8) ? OkxChannel.Ticker
            : name.SequenceEqual("mark-price"u8) ? OkxChannel.MarkPrice
            : name.SequenceEqual("funding-rate"u8) ? OkxChannel.FundingRate
            : name.SequenceEqual("liquidation-orders"u8) ? OkxChannel.Liquidation
            : OkxChannel.Other;
    }
}
