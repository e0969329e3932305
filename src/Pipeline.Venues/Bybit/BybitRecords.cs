using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Venues.Scanning;

namespace Pipeline.Venues.Bybit;

/// <summary>
/// Venue records of what was found, for both readers and for REST. Each method appends one record and returns null, or appends nothing
/// and returns the reason.
/// </summary>
internal static class BybitRecords
{
    public static string? AddTrade(int symbol, in BybitTrade row, VenueBatch into)
    {
        if (row is not { Id: { } id, Time: { } time, Price: { } price, Quantity: { } quantity, Taker: { } taker })
        {
            return DeadLetterReason.WrongShape;
        }

        if (!price.IsPositive || !quantity.IsPositive || id < 0 || !UnixMilliseconds.IsPossible(time))
        {
            return DeadLetterReason.ImpossibleValue;
        }

        into.Add(new VenueTrade(symbol, id, id, price, quantity, taker, 1, TradeKind.Market, time));
        return null;
    }

    /// <summary>
    /// A new snapshot, and any message with update id 1, replaces the book: so the venue tells that its service began anew. Only
    /// snapshots and deltas of numbered depths come here. Takes the levels back when it fails.
    /// </summary>
    public static string? AddBook(in BybitMessage message, in BybitBook book, VenueBatch into)
    {
        var reason = CheckBook(message, book, out var updateId, out var time);
        if (reason is not null)
        {
            into.Levels.Truncate(book.FirstLevel);
            return reason;
        }

        var kind = message.Type == BybitMessageType.Snapshot || updateId == 1 ? BookUpdateKind.Snapshot : BookUpdateKind.Update;
        into.Add(new VenueBookUpdate(message.Symbol, kind, updateId, updateId, -1, book.FirstLevel, book.Bids, book.Asks, time));
        return null;
    }

    /// <summary>
    /// A book of depth 1, which comes whole since 2025-03-20; a delta of it would need the message before and is refused. A side without
    /// orders has price and quantity 0. Takes the levels back in any case.
    /// </summary>
    public static string? AddQuote(in BybitMessage message, in BybitBook book, VenueBatch into)
    {
        var reason = message.Type == BybitMessageType.Snapshot
            ? CheckBook(message, book, out var updateId, out var time)
            : Fail(out updateId, out time);
        if (reason is null)
        {
            var bid = book.Bids == 0 ? default : into.Levels[book.FirstLevel];
            var ask = book.Asks == 0 ? default : into.Levels[book.FirstLevel + book.Bids];
            into.Add(new VenueQuote(message.Symbol, updateId, bid.Price, bid.Quantity, ask.Price, ask.Quantity, time));
        }

        into.Levels.Truncate(book.FirstLevel);
        return reason;
    }

    /// <summary>
    /// Bybit tells neither how many trades a candle has, nor their ids, nor what takers bought; only
    /// <see cref="VenueCandle.Volume"/> tells an empty candle.
    /// </summary>
    public static string? AddKline(int symbol, CandleInterval interval, in BybitKline row, long eventTime, VenueBatch into)
    {
        if (row is not
            {
                OpenTime: { } openTime, Open: { } open, High: { } high, Low: { } low, Close: { } close,
                Volume: { } volume, Turnover: { } turnover, Closed: { } closed,
            })
        {
            return DeadLetterReason.WrongShape;
        }

        if (!low.IsPositive || high < low || volume.Mantissa < 0 || turnover.Mantissa < 0
            || !UnixMilliseconds.IsPossible(openTime) || !UnixMilliseconds.IsPossible(eventTime))
        {
            return DeadLetterReason.ImpossibleValue;
        }

        into.Add(new VenueCandle(
            symbol, interval, openTime, open, high, low, close, volume, turnover, TakerBuyVolume: null, Trades: -1, FirstId: -1, LastId: -1, closed, eventTime));
        return null;
    }

    /// <summary>Spot tickers come whole and without best prices; a message that leaves something out is refused.</summary>
    public static string? AddTicker(in BybitMessage message, in BybitTicker ticker, VenueBatch into)
    {
        if (ticker is not
            {
                Last: { } last, Open: { } open, High: { } high, Low: { } low, Volume: { } volume, Turnover: { } turnover,
            }
            || message.Time is not { } time)
        {
            return DeadLetterReason.WrongShape;
        }

        if (!last.IsPositive || open.Mantissa < 0 || low.Mantissa < 0 || high < low || volume.Mantissa < 0 || turnover.Mantissa < 0
            || !UnixMilliseconds.IsPossible(time))
        {
            return DeadLetterReason.ImpossibleValue;
        }

        into.Add(new VenueTicker(message.Symbol, last, null, null, null, null, null, open, high, low, volume, turnover, time));
        return null;
    }

    private static string? CheckBook(in BybitMessage message, in BybitBook book, out long updateId, out long time)
    {
        if (message.Type is not (BybitMessageType.Snapshot or BybitMessageType.Delta)
            || book.UpdateId is not { } id || (message.EngineTime ?? message.Time) is not { } told)
        {
            return Fail(out updateId, out time);
        }

        (updateId, time) = (id, told);
        return id >= 0 && UnixMilliseconds.IsPossible(told) ? null : DeadLetterReason.ImpossibleValue;
    }

    private static string Fail(out long updateId, out long time)
    {
        (updateId, time) = (0, 0);
        return DeadLetterReason.WrongShape;
    }
}
