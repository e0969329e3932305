using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Venues.Scanning;

namespace Pipeline.Venues.Binance;

/// <summary>Records from fields; each method adds one, or returns the reason why the fields make none.</summary>
internal static class BinanceRecords
{
    public static string? AddTrade(in BinanceFields fields, VenueBatch into)
    {
        if (fields is not { HasSymbol: true, TradeId: { } id, Price: { } price, Quantity: { } quantity, TradeTime: { } time, BuyerIsMaker: { } maker })
        {
            return DeadLetterReason.WrongShape;
        }

        if (fields.Symbol < 0)
        {
            return DeadLetterReason.UnknownSymbol;
        }

        // Fills of the insurance fund may have no price and no quantity; their ids count all the same.
        var hasValue = fields.IsOffMarket ? price.Mantissa >= 0 && quantity.Mantissa >= 0 : price.IsPositive && quantity.IsPositive;
        if (!hasValue || id < 0 || !UnixMilliseconds.IsPossible(time))
        {
            return DeadLetterReason.ImpossibleValue;
        }

        var kind = fields.IsOffMarket ? TradeKind.OffMarket : TradeKind.Market;
        into.Add(new VenueTrade(fields.Symbol, id, id, price, quantity, SideOf(maker), 1, kind, time));
        return null;
    }

    public static string? AddAggregateTrade(in BinanceFields fields, VenueBatch into)
    {
        if (fields is not { HasSymbol: true, NumberA: { } id, Price: { } price, Quantity: { } quantity, TradeTime: { } time, BuyerIsMaker: { } maker }
            || fields.FirstId is not { } first || fields.LastId is not { } last)
        {
            return DeadLetterReason.WrongShape;
        }

        if (fields.Symbol < 0)
        {
            return DeadLetterReason.UnknownSymbol;
        }

        var fills = last - first + 1;
        if (first < 0 || fills is < 1 or > int.MaxValue || !price.IsPositive || !quantity.IsPositive || id < 0 || !UnixMilliseconds.IsPossible(time))
        {
            return DeadLetterReason.ImpossibleValue;
        }

        into.Add(new VenueTrade(fields.Symbol, id, id, price, quantity, SideOf(maker), (int)fills, TradeKind.Market, time));
        return null;
    }

    public static string? AddQuote(in BinanceFields fields, VenueBatch into)
    {
        if (fields is not
            {
                HasSymbol: true, UpdateId: { } updateId, Bid: { } bid, BidQuantity: { } bidQuantity, Ask: { } ask, AskQuantity: { } askQuantity,
            })
        {
            return fields.Event == BinanceEvent.None && !fields.HasSymbol ? DeadLetterReason.UnknownEvent : DeadLetterReason.WrongShape;
        }

        if (fields.Symbol < 0)
        {
            return DeadLetterReason.UnknownSymbol;
        }

        var time = EngineTime(fields);
        if (updateId < 0 || !UnixMilliseconds.IsPossible(time) || bid.Mantissa < 0 || ask.Mantissa < 0 || bidQuantity.Mantissa < 0 || askQuantity.Mantissa < 0)
        {
            return DeadLetterReason.ImpossibleValue;
        }

        into.Add(new VenueQuote(fields.Symbol, updateId, bid, bidQuantity, ask, askQuantity, time));
        return null;
    }

    /// <summary>Changed levels; of a futures' partial book, which has the same shape, the best few.</summary>
    public static string? AddDepth(ReadOnlySpan<byte> payload, in BinanceFields fields, bool isPartial, VenueBatch into)
    {
        if (fields is not { HasSymbol: true, FirstUpdateId: { } first, UpdateId: { } last, EventTime: not null, BidsAt: >= 0, AsksAt: >= 0 })
        {
            return DeadLetterReason.WrongShape;
        }

        var kind = isPartial ? BookUpdateKind.Partial : BookUpdateKind.Update;
        return AddLevels(payload, fields, fields.Symbol, kind, first, last, fields.PreviousUpdateId, into);
    }

    /// <summary>The best few levels on spot, of which the stream's name alone tells the symbol.</summary>
    public static string? AddPartialBook(ReadOnlySpan<byte> payload, in BinanceFields fields, VenueBatch into)
    {
        if (fields is not { LastUpdateId: { } id, WholeBidsAt: >= 0, WholeAsksAt: >= 0 })
        {
            return DeadLetterReason.WrongShape;
        }

        return AddLevels(payload, Whole(fields), fields.StreamSymbol, BookUpdateKind.Partial, id, id, null, into);
    }

    /// <summary>The whole book as REST answers it.</summary>
    public static string? AddSnapshot(ReadOnlySpan<byte> payload, in BinanceFields fields, VenueBatch into)
    {
        if (fields is not { LastUpdateId: { } id, WholeBidsAt: >= 0, WholeAsksAt: >= 0 })
        {
            return DeadLetterReason.WrongShape;
        }

        return AddLevels(payload, Whole(fields), fields.Symbol, BookUpdateKind.Snapshot, id, id, null, into);
    }

    public static string? AddCandle(in VenueCandle candle, VenueBatch into)
    {
        if (!candle.Low.IsPositive || candle.High < candle.Low || candle.Trades < 0 || candle.Volume.Mantissa < 0
            || !UnixMilliseconds.IsPossible(candle.OpenTime) || !UnixMilliseconds.IsPossible(candle.Time))
        {
            return DeadLetterReason.ImpossibleValue;
        }

        into.Add(candle);
        return null;
    }

    public static string? AddTicker(in BinanceFields fields, VenueBatch into)
    {
        if (fields is not
            {
                HasSymbol: true, EventTime: { } time, Close: { } last, Open: { } open, High: { } high, Low: { } low, Volume: { } volume,
            })
        {
            return DeadLetterReason.WrongShape;
        }

        if (fields.Symbol < 0)
        {
            return DeadLetterReason.UnknownSymbol;
        }

        // Zeros are possible: an instrument that nobody has traded yet.
        if (!UnixMilliseconds.IsPossible(time) || low.Mantissa < 0 || high < low || last.Mantissa < 0 || open.Mantissa < 0 || volume.Mantissa < 0)
        {
            return DeadLetterReason.ImpossibleValue;
        }

        into.Add(new VenueTicker(
            fields.Symbol, last, fields.LastQuantity, fields.Bid, fields.BidQuantity, fields.Ask, fields.AskQuantity,
            open, high, low, volume, fields.Turnover ?? fields.Quantity, time));
        return null;
    }

    /// <summary>One event carries the mark price and, for perpetuals, the funding rate; rows of delisted ones fund at time 0.</summary>
    public static string? AddMarkPrice(in BinanceFields fields, VenueBatch into)
    {
        if (fields is not { HasSymbol: true, EventTime: { } time, Price: { } mark })
        {
            return DeadLetterReason.WrongShape;
        }

        if (fields.Symbol < 0)
        {
            return DeadLetterReason.UnknownSymbol;
        }

        var fundingTime = fields.TradeTime ?? 0;
        if (fundingTime != 0 && fields.Rate is null)
        {
            return DeadLetterReason.WrongShape;
        }

        if (!mark.IsPositive || fields.Index is { Mantissa: < 0 } || !UnixMilliseconds.IsPossible(time) || !UnixMilliseconds.IsPossible(fundingTime))
        {
            return DeadLetterReason.ImpossibleValue;
        }

        into.Add(new VenueMarkPrice(fields.Symbol, mark, fields.Index, time));
        if (fundingTime != 0)
        {
            into.Add(new VenueFundingRate(fields.Symbol, fields.Rate!.Value, fundingTime, time));
        }

        return null;
    }

    public static AggressorSide SideOf(bool buyerIsMaker) => buyerIsMaker ? AggressorSide.Sell : AggressorSide.Buy;

    /// <summary>The matching engine's time where it is told, as for trades, else the publisher's; 0 when neither is.</summary>
    private static long EngineTime(in BinanceFields fields) => fields.TradeTime ?? fields.EventTime ?? 0;

    private static BinanceFields Whole(in BinanceFields fields) =>
        fields with { BidsAt = fields.WholeBidsAt, AsksAt = fields.WholeAsksAt };

    private static string? AddLevels(
        ReadOnlySpan<byte> payload, in BinanceFields fields, int symbol, BookUpdateKind kind, long first, long last, long? previous, VenueBatch into)
    {
        if (symbol < 0)
        {
            return DeadLetterReason.UnknownSymbol;
        }

        var time = EngineTime(fields);
        if (first < 0 || last < first || previous < -1 || !UnixMilliseconds.IsPossible(time))
        {
            return DeadLetterReason.ImpossibleValue;
        }

        var (firstLevel, bids, asks) = (fields.FirstLevel, fields.Bids, fields.Asks);
        if (firstLevel < 0 && !TryReadLevels(payload, fields, into, out firstLevel, out bids, out asks))
        {
            into.Levels.Truncate(firstLevel);
            return DeadLetterReason.WrongShape;
        }

        into.Add(kind == BookUpdateKind.Update
            ? new VenueBookUpdate(symbol, kind, first, last, previous ?? -1, firstLevel, bids, asks, time)
            : new VenueBookUpdate(symbol, kind, last, last, -1, firstLevel, bids, asks, time));
        return null;
    }

    private static bool TryReadLevels(
        ReadOnlySpan<byte> payload, in BinanceFields fields, VenueBatch into, out int firstLevel, out int bids, out int asks)
    {
        firstLevel = into.Levels.Count;
        asks = 0;
        return JsonLevels.TryRead(payload[fields.BidsAt..], into.Levels, out bids)
            && JsonLevels.TryRead(payload[fields.AsksAt..], into.Levels, out asks);
    }
}
