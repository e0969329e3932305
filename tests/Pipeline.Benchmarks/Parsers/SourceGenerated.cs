using System.Text.Json;

namespace Pipeline.Benchmarks.Parsers;

/// <summary>
/// The contender of System.Text.Json with source-generated classes. The kind of a frame is found by a search for its name, which costs
/// next to nothing beside the deserialising.
/// </summary>
internal static class SourceGenerated
{
    public static ParserTotals Binance(List<byte[]> frames)
    {
        var totals = default(ParserTotals);
        foreach (var frame in frames)
        {
            ReadOnlySpan<byte> json = frame;
            var stream = json[(json.IndexOf("\"stream\":\""u8) + 10)..];
            var kind = stream[(stream.IndexOf((byte)'@') + 1)..];
            switch (kind[0])
            {
                case (byte)'t' when kind[1] == (byte)'i':
                    Add(ref totals, JsonSerializer.Deserialize(json, BinanceMessages.Default.BinanceEnvelopeBinanceTickerMessage)!.Data!);
                    break;
                case (byte)'t' or (byte)'a':
                    Add(ref totals, JsonSerializer.Deserialize(json, BinanceMessages.Default.BinanceEnvelopeBinanceTradeMessage)!.Data!);
                    break;
                case (byte)'b':
                    Add(ref totals, JsonSerializer.Deserialize(json, BinanceMessages.Default.BinanceEnvelopeBinanceQuoteMessage)!.Data!);
                    break;
                case (byte)'k':
                    Add(ref totals, JsonSerializer.Deserialize(json, BinanceMessages.Default.BinanceEnvelopeBinanceKlineMessage)!.Data!.Kline!);
                    break;
                default:
                    AddBook(ref totals, json, isPartial: kind[5] != (byte)'@');
                    break;
            }
        }

        return totals;
    }

    public static ParserTotals Okx(List<byte[]> frames)
    {
        var totals = default(ParserTotals);
        foreach (var frame in frames)
        {
            ReadOnlySpan<byte> json = frame;
            var channel = json[(json.IndexOf("\"channel\":\""u8) + 11)..];
            switch (channel[0])
            {
                case (byte)'t' when channel[1] == (byte)'i':
                    Add(ref totals, JsonSerializer.Deserialize(json, OkxMessages.Default.OkxEnvelopeOkxTickerMessage)!.Data!);
                    break;
                case (byte)'t':
                    Add(ref totals, JsonSerializer.Deserialize(json, OkxMessages.Default.OkxEnvelopeOkxTradeMessage)!.Data!);
                    break;
                case (byte)'c':
                    Add(ref totals, JsonSerializer.Deserialize(json, OkxMessages.Default.OkxEnvelopeDecimalArray)!.Data!);
                    break;
                default:
                    var books = JsonSerializer.Deserialize(json, OkxMessages.Default.OkxEnvelopeOkxBookMessage)!.Data!;
                    Add(ref totals, books, isQuote: channel[1] == (byte)'b');
                    break;
            }
        }

        return totals;
    }

    private static void Add(ref ParserTotals totals, BinanceTradeMessage trade)
    {
        totals.Trades++;
        totals.TradeIds += trade.Event == "trade" ? trade.TradeId : trade.AggregateId;
        totals.TradePrices += ParserTotals.Units(trade.Price);
        totals.TradeQuantities += ParserTotals.Units(trade.Quantity);
        totals.TradeTimes += UnixMilliseconds.From(trade.TradeTime);
        totals.Sells += trade.BuyerIsMaker ? 1 : 0;
    }

    private static void Add(ref ParserTotals totals, BinanceQuoteMessage quote)
    {
        totals.Quotes++;
        totals.QuoteSum += quote.UpdateId + ParserTotals.Units(quote.Bid) + ParserTotals.Units(quote.BidQuantity)
            + ParserTotals.Units(quote.Ask) + ParserTotals.Units(quote.AskQuantity);
    }

    private static void Add(ref ParserTotals totals, BinanceKlineBody kline)
    {
        totals.Candles++;
        totals.CandleSum += UnixMilliseconds.From(kline.OpenTime) + ParserTotals.Units(kline.Open) + ParserTotals.Units(kline.High)
            + ParserTotals.Units(kline.Low) + ParserTotals.Units(kline.Close) + ParserTotals.Units(kline.Volume);
    }

    private static void Add(ref ParserTotals totals, BinanceTickerMessage ticker)
    {
        totals.Tickers++;
        totals.TickerSum += UnixMilliseconds.From(ticker.EventTime) + ParserTotals.Units(ticker.Last) + ParserTotals.Units(ticker.Open)
            + ParserTotals.Units(ticker.High) + ParserTotals.Units(ticker.Low) + ParserTotals.Units(ticker.Volume);
    }

    private static void AddBook(ref ParserTotals totals, ReadOnlySpan<byte> json, bool isPartial)
    {
        totals.Books++;
        if (isPartial)
        {
            var partial = JsonSerializer.Deserialize(json, BinanceMessages.Default.BinanceEnvelopeBinancePartialDepthMessage)!.Data!;
            totals.LevelSum += partial.LastUpdateId;
            AddLevels(ref totals, partial.Bids!);
            AddLevels(ref totals, partial.Asks!);
            return;
        }

        var book = JsonSerializer.Deserialize(json, BinanceMessages.Default.BinanceEnvelopeBinanceDepthMessage)!.Data!;
        totals.LevelSum += book.LastUpdateId;
        AddLevels(ref totals, book.Bids!);
        AddLevels(ref totals, book.Asks!);
    }

    private static void Add(ref ParserTotals totals, OkxTradeMessage[] trades)
    {
        foreach (var trade in trades)
        {
            totals.Trades++;
            totals.TradeIds += trade.Id;
            totals.TradePrices += ParserTotals.Units(trade.Price);
            totals.TradeQuantities += ParserTotals.Units(trade.Quantity);
            totals.TradeTimes += UnixMilliseconds.From(trade.Time);
            totals.Sells += trade.Side == "sell" ? 1 : 0;
        }
    }

    private static void Add(ref ParserTotals totals, OkxTickerMessage[] tickers)
    {
        foreach (var ticker in tickers)
        {
            totals.Tickers++;
            totals.TickerSum += UnixMilliseconds.From(ticker.Time) + ParserTotals.Units(ticker.Last) + ParserTotals.Units(ticker.Open)
                + ParserTotals.Units(ticker.High) + ParserTotals.Units(ticker.Low) + ParserTotals.Units(ticker.Volume);
        }
    }

    private static void Add(ref ParserTotals totals, decimal[][] candles)
    {
        foreach (var candle in candles)
        {
            totals.Candles++;
            totals.CandleSum += (long)candle[0];
            for (var i = 1; i <= 5; i++)
            {
                totals.CandleSum += ParserTotals.Units(candle[i]);
            }
        }
    }

    private static void Add(ref ParserTotals totals, OkxBookMessage[] books, bool isQuote)
    {
        foreach (var book in books)
        {
            if (isQuote)
            {
                var (bid, ask) = (book.Bids![0], book.Asks![0]);
                totals.Quotes++;
                totals.QuoteSum += book.Id + ParserTotals.Units(bid[0]) + ParserTotals.Units(bid[1])
                    + ParserTotals.Units(ask[0]) + ParserTotals.Units(ask[1]);
                continue;
            }

            totals.Books++;
            totals.LevelSum += book.Id;
            AddLevels(ref totals, book.Bids!);
            AddLevels(ref totals, book.Asks!);
        }
    }

    private static void AddLevels(ref ParserTotals totals, decimal[][] levels)
    {
        foreach (var level in levels)
        {
            totals.Levels++;
            totals.LevelSum += ParserTotals.Units(level[0]) + ParserTotals.Units(level[1]);
        }
    }
}
