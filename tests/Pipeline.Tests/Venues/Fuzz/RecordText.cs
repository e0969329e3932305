using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;

namespace Pipeline.Tests.Venues.Fuzz;

/// <summary>Venue records as text with every field, for comparison and for reports.</summary>
internal static class RecordText
{
    private const string LetterMark = "dead ";

    public static bool IsDeadLetter(string text) => text.StartsWith(LetterMark, StringComparison.Ordinal);

    /// <summary>Records and dead letters of a batch in their order.</summary>
    public static List<string> Of(VenueBatch batch)
    {
        var list = new List<string>(batch.Events.Count);
        foreach (var happened in batch.Events.Span)
        {
            list.Add(Record(batch, happened));
        }

        return list;
    }

    public static string Of(in VenueTrade it) => Text(
        $"trade {it.Symbol} id={it.Id} first={it.FirstId} {it.Price} x {it.Quantity} {(int)it.Side} fills={it.Fills} kind={(int)it.Kind} at {it.Time}");

    public static string Of(in VenueQuote it) =>
        Text($"quote {it.Symbol} id={it.UpdateId} {it.Bid} x {it.BidQuantity} / {it.Ask} x {it.AskQuantity} at {it.Time}");

    public static string Of(in VenueCandle it) => Text(
        $"candle {it.Symbol} {it.Interval.Name} {it.OpenTime} o={it.Open} h={it.High} l={it.Low} c={it.Close} v={it.Volume} q={it.QuoteVolume} b={it.TakerBuyVolume} n={it.Trades} {it.FirstId}..{it.LastId} {it.Closed} at {it.Time}");

    public static string Of(in VenueTicker it) => Text(
        $"ticker {it.Symbol} {it.Last} x {it.LastQuantity} b={it.Bid} x {it.BidQuantity} a={it.Ask} x {it.AskQuantity} o={it.Open} h={it.High} l={it.Low} v={it.Volume} q={it.QuoteVolume} at {it.Time}");

    public static string Of(in VenueMarkPrice it) => Text($"mark {it.Symbol} {it.Mark} index={it.Index} at {it.Time}");

    public static string Of(in VenueFundingRate it) => Text($"funding {it.Symbol} {it.Rate} due {it.FundingTime} at {it.Time}");

    public static string Of(in VenueLiquidation it) =>
        Text($"liquidation {it.Symbol} {(int)it.Side} {it.Price} average={it.AveragePrice} x {it.Quantity} at {it.Time}");

    /// <summary>The places of levels in their batch are no part of what a frame says.</summary>
    public static string Of(in VenueBookUpdate it, ReadOnlySpan<BookLevel> bids, ReadOnlySpan<BookLevel> asks)
    {
        var text = new StringBuilder().Append(
            CultureInfo.InvariantCulture, $"book {it.Symbol} {(int)it.Kind} {it.FirstUpdateId}..{it.LastUpdateId} after {it.PreviousUpdateId} at {it.Time} bids");
        Append(text, bids);
        text.Append(" asks");
        Append(text, asks);
        return text.ToString();
    }

    public static string Of(in VenuePriceTick it, string signature) =>
        Text($"price {it.Symbol} {(int)it.Event} {it.Price} slot={it.Slot} index={it.Index} at {it.Time} {signature}");

    private static string Record(VenueBatch batch, MarketEvent happened)
    {
        var at = happened.Index;
        return happened.Kind switch
        {
            MarketEventKind.Trade => Of(batch.Trades[at]),
            MarketEventKind.Quote => Of(batch.Quotes[at]),
            MarketEventKind.VenueCandle => Of(batch.Candles[at]),
            MarketEventKind.Ticker => Of(batch.Tickers[at]),
            MarketEventKind.MarkPrice => Of(batch.MarkPrices[at]),
            MarketEventKind.FundingRate => Of(batch.FundingRates[at]),
            MarketEventKind.Liquidation => Of(batch.Liquidations[at]),
            MarketEventKind.DeadLetter => Letter(batch, batch.DeadLetters[at]),
            MarketEventKind.BookUpdate => Book(batch, batch.BookUpdates[at]),
            MarketEventKind.PriceTick => Of(
                batch.PriceTicks[at], Encoding.UTF8.GetString(batch.Bytes.Span.Slice(batch.PriceTicks[at].SignatureAt, batch.PriceTicks[at].SignatureLength))),
            _ => throw new InvalidOperationException($"No venue record: {happened.Kind}."),
        };
    }

    private static string Letter(VenueBatch batch, in DeadLetter it) =>
        $"{LetterMark}{it.Reason} {Encoding.Latin1.GetString(batch.Bytes.Span.Slice(it.Offset, it.Length))}";

    private static string Book(VenueBatch batch, in VenueBookUpdate it) =>
        Of(it, batch.Levels.Span.Slice(it.FirstLevel, it.Bids), batch.Levels.Span.Slice(it.FirstLevel + it.Bids, it.Asks));

    private static void Append(StringBuilder text, ReadOnlySpan<BookLevel> levels)
    {
        foreach (var level in levels)
        {
            text.Append(CultureInfo.InvariantCulture, $" {level.Price}x{level.Quantity}");
        }
    }

    private static string Text(DefaultInterpolatedStringHandler text) => text.ToStringAndClear();
}
