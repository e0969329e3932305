using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Venues.Scanning;

namespace Pipeline.Venues.Okx;

/// <summary>Makes venue records of rows whose fields are read; each method answers null or why the row is no record.</summary>
internal static class OkxRows
{
    public static string? Add(in OkxHead head, in OkxFields fields, VenueBatch into)
    {
        if (fields.IsWrong || !(fields.HasSymbol || head.HasSymbol))
        {
            return DeadLetterReason.WrongShape;
        }

        // A renamed instrument's rows come under its new name on the old subscription (renames of 2026-01-15 and 2026-06-02).
        var symbol = fields.Symbol >= 0 ? fields.Symbol : head.Symbol;
        return head.Channel switch
        {
            OkxChannel.Trades => AddTrade(symbol, fields, fields.Count ?? 1, into),
            OkxChannel.AllTrades => AddTrade(symbol, fields, 1, into),
            OkxChannel.BestQuote => AddQuote(symbol, fields, into),
            OkxChannel.Book => AddBook(symbol, head.Action, fields, into),
            OkxChannel.PartialBook => AddBook(symbol, BookUpdateKind.Partial, fields, into),
            OkxChannel.Ticker => AddTicker(symbol, fields, into),
            OkxChannel.MarkPrice => AddMarkPrice(symbol, fields, into),
            OkxChannel.FundingRate => AddFundingRate(symbol, fields, into),
            _ => DeadLetterReason.UnknownEvent,
        };
    }

    /// <summary>
    /// OKX tells neither the number of trades nor their ids nor the takers' part. Volumes of derivatives count contracts;
    /// the turnover is in quote currency everywhere.
    /// </summary>
    public static string? AddCandle(
        int symbol,
        CandleInterval interval,
        long openTime,
        Number open,
        Number high,
        Number low,
        Number close,
        WideNumber volume,
        WideNumber quoteVolume,
        bool closed,
        VenueBatch into)
    {
        if (!low.IsPositive || high < low || volume.Mantissa < 0 || quoteVolume.Mantissa < 0 || !UnixMilliseconds.IsPossible(openTime))
        {
            return DeadLetterReason.ImpossibleValue;
        }

        into.Add(new VenueCandle(
            symbol, interval, openTime, open, high, low, close, volume, quoteVolume, TakerBuyVolume: null, Trades: -1, FirstId: -1, LastId: -1, closed, 0));
        return null;
    }

    /// <summary>
    /// One of a liquidation's details. The side is the order's: a long is sold. The price is the bankruptcy price, the only one OKX tells.
    /// </summary>
    public static string? AddLiquidation(int symbol, in OkxFields fields, VenueBatch into)
    {
        if (fields is not { IsWrong: false, Side: { } side, BankruptcyPrice: { } price, Quantity: { } quantity, Time: { } time })
        {
            return DeadLetterReason.WrongShape;
        }

        if (!price.IsPositive || !quantity.IsPositive || !UnixMilliseconds.IsPossible(time))
        {
            return DeadLetterReason.ImpossibleValue;
        }

        into.Add(new VenueLiquidation(symbol, side, price, null, quantity, time));
        return null;
    }

    /// <summary><c>tradeId</c> is the last of the <paramref name="fills"/> ids that the row stands for.</summary>
    private static string? AddTrade(int symbol, in OkxFields fields, long fills, VenueBatch into)
    {
        if (fields is not { TradeId: { } id, Price: { } price, Quantity: { } quantity, Side: { } side, Time: { } time })
        {
            return DeadLetterReason.WrongShape;
        }

        if (symbol < 0)
        {
            return DeadLetterReason.UnknownSymbol;
        }

        if (!price.IsPositive || !quantity.IsPositive || id < 0 || !UnixMilliseconds.IsPossible(time) || fills is < 1 or > int.MaxValue || fills - 1 > id)
        {
            return DeadLetterReason.ImpossibleValue;
        }

        into.Add(new VenueTrade(symbol, id, id - fills + 1, price, quantity, side, (int)fills, TradeKind.Market, time));
        return null;
    }

    /// <summary>
    /// The best level of each side; zeros where a side is empty. Where no sequence id is sent the time stands in for it: it rises too.
    /// </summary>
    private static string? AddQuote(int symbol, in OkxFields fields, VenueBatch into)
    {
        if (fields is not { Bids: >= 0, Asks: >= 0, Time: { } time })
        {
            return DeadLetterReason.WrongShape;
        }

        if (symbol < 0)
        {
            return DeadLetterReason.UnknownSymbol;
        }

        if (fields.SequenceId < 0 || !UnixMilliseconds.IsPossible(time))
        {
            return DeadLetterReason.ImpossibleValue;
        }

        var (bidsAt, asksAt) = fields.AsksFirst ? (fields.Asks, 0) : (0, fields.Bids);
        var bid = fields.Bids > 0 ? into.Levels[fields.FirstLevel + bidsAt] : default;
        var ask = fields.Asks > 0 ? into.Levels[fields.FirstLevel + asksAt] : default;
        into.Levels.Truncate(fields.FirstLevel);
        into.Add(new VenueQuote(symbol, fields.SequenceId ?? time, bid.Price, bid.Quantity, ask.Price, ask.Quantity, time));
        return null;
    }

    /// <summary>
    /// <c>seqId</c> and <c>prevSeqId</c> as sent: equal ids keep alive, a lower <c>seqId</c> begins to count anew. Frames from before
    /// these fields existed (recordings of 2022) name no ids at all. The time then stands in for the id, which lets records be put in
    /// order, and the previous id stays -1, "not said": whether such updates follow each other only their checksum can tell, so that a
    /// reader of chains must take each as unproven.
    /// </summary>
    private static string? AddBook(int symbol, BookUpdateKind? kind, in OkxFields fields, VenueBatch into)
    {
        if (kind is null || fields is not { Bids: >= 0, Asks: >= 0, Time: { } time } || (fields.SequenceId is null && fields.PreviousSequenceId >= 0))
        {
            return DeadLetterReason.WrongShape;
        }

        if (symbol < 0)
        {
            return DeadLetterReason.UnknownSymbol;
        }

        var previous = fields.PreviousSequenceId ?? -1;
        if (fields.SequenceId < 0 || previous < -1 || !UnixMilliseconds.IsPossible(time))
        {
            return DeadLetterReason.ImpossibleValue;
        }

        if (fields.AsksFirst)
        {
            BookSides.PutBidsFirst(into.Levels, fields.FirstLevel, fields.Asks);
        }

        var id = fields.SequenceId ?? time;
        into.Add(new VenueBookUpdate(symbol, kind.Value, id, id, previous, fields.FirstLevel, fields.Bids, fields.Asks, time));
        return null;
    }

    /// <summary>The volume in currency is the turnover on spot alone; for derivatives it counts the base currency.</summary>
    private static string? AddTicker(int symbol, in OkxFields fields, VenueBatch into)
    {
        if (fields is not
            {
                Last: { } last, Open: { } open, High: { } high, Low: { } low, Volume: { } volume, Time: { } time,
            })
        {
            return DeadLetterReason.WrongShape;
        }

        if (symbol < 0)
        {
            return DeadLetterReason.UnknownSymbol;
        }

        var quoteVolume = fields.IsSpot ? fields.CurrencyVolume : null;
        if (!last.IsPositive || open < Number.Zero || high < Number.Zero || low < Number.Zero || volume < Number.Zero
            || fields.LastQuantity < Number.Zero || fields.Bid < Number.Zero || fields.BidQuantity < Number.Zero
            || fields.Ask < Number.Zero || fields.AskQuantity < Number.Zero || quoteVolume < Number.Zero || !UnixMilliseconds.IsPossible(time))
        {
            return DeadLetterReason.ImpossibleValue;
        }

        into.Add(new VenueTicker(
            symbol, last, fields.LastQuantity, fields.Bid, fields.BidQuantity, fields.Ask, fields.AskQuantity,
            open, high, low, volume, quoteVolume, time));
        return null;
    }

    private static string? AddMarkPrice(int symbol, in OkxFields fields, VenueBatch into)
    {
        if (fields is not { MarkPrice: { } price, Time: { } time })
        {
            return DeadLetterReason.WrongShape;
        }

        if (symbol < 0)
        {
            return DeadLetterReason.UnknownSymbol;
        }

        if (!price.IsPositive || !UnixMilliseconds.IsPossible(time))
        {
            return DeadLetterReason.ImpossibleValue;
        }

        into.Add(new VenueMarkPrice(symbol, price, null, time));
        return null;
    }

    private static string? AddFundingRate(int symbol, in OkxFields fields, VenueBatch into)
    {
        if (fields is not { FundingRate: { } rate, FundingTime: { } fundingTime, Time: { } time })
        {
            return DeadLetterReason.WrongShape;
        }

        if (symbol < 0)
        {
            return DeadLetterReason.UnknownSymbol;
        }

        if (!UnixMilliseconds.IsPossible(fundingTime) || !UnixMilliseconds.IsPossible(time))
        {
            return DeadLetterReason.ImpossibleValue;
        }

        into.Add(new VenueFundingRate(symbol, rate, fundingTime, time));
        return null;
    }
}
