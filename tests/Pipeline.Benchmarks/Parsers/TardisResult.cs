namespace Pipeline.Benchmarks.Parsers;

/// <summary>What <c>tardis.js</c> prints. Its numbers are doubles: sums of decimals are compared with a tolerance.</summary>
internal sealed record TardisResult(
    long Trades, double Prices, double Quantities, long Sells, long Quotes, long Levels, long Frames, double[] Seconds)
{
    public double NanosecondsPerFrame => Seconds.Order().ElementAt(Seconds.Length / 2) * 1e9 / Frames;

    /// <summary>Null when it read what we read, of the kinds it maps; else what differs.</summary>
    public string? DifferenceFrom(ParserTotals totals, long partialLevels)
    {
        (string Name, double Theirs, double Ours)[] sums =
        [
            ("trades", Trades, totals.Trades), ("prices", Prices, totals.TradePrices / 1e8),
            ("quantities", Quantities, totals.TradeQuantities / 1e8), ("sells", Sells, totals.Sells),
            ("quotes", Quotes, totals.Quotes), ("levels", Levels, totals.Levels - partialLevels),
        ];
        var different = sums.Where(sum => Math.Abs(sum.Theirs - sum.Ours) > Math.Abs(sum.Ours) * 1e-9);
        return string.Join(", ", different.Select(sum => $"{sum.Name} {sum.Theirs} and not {sum.Ours}")) is { Length: > 0 } text ? text : null;
    }
}
