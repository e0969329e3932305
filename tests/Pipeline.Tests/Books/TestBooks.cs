using System.Globalization;
using Pipeline.Core.Books;
using Pipeline.Core.Market;

namespace Pipeline.Tests.Books;

/// <summary>Instruments, updates and levels for tests of books.</summary>
internal static class TestBooks
{
    public const long Second = 1_000_000;

    public static Instrument Instrument(BookRule rule, int index = 0) =>
        new(index, "binance", $"B{index}-USDT", $"B{index}USDT", new SequenceRules(IdDiscipline.Contiguous, rule));

    public static OrderBookUpdate Update(BookRule rule, long first, long last, long previous = -1, int bids = 0, int asks = 0) =>
        Of(Instrument(rule), BookUpdateKind.Update, first, last, previous, bids, asks);

    public static OrderBookUpdate Of(
        Instrument instrument, BookUpdateKind kind, long first, long last, long previous = -1, int bids = 0, int asks = 0, long time = 0) =>
        new(instrument, kind, first, last, previous, 0, bids, asks, time, time);

    /// <summary>Levels from text: <c>100:1 99.5:2</c>.</summary>
    public static BookLevel[] Levels(string text) =>
    [
        .. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(level => level.Split(':'))
            .Select(parts => new BookLevel(Number.Parse(parts[0]), Number.Parse(parts[1]))),
    ];

    /// <summary>The best levels of a side as text, best first.</summary>
    public static string Text(BookSide side) =>
        string.Join(' ', Enumerable.Range(0, side.Count).Select(depth => side.At(depth)).Select(level => $"{level.Price}:{level.Quantity}"));

    public static decimal Exact(Number number) => decimal.Parse(number.ToString(), CultureInfo.InvariantCulture);
}
