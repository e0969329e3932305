namespace Pipeline.Simulator.World;

/// <summary>
/// What a symbol did before the simulator began, as bars alone: a price that goes straight from one half hour to the next, and a trade a
/// second. It is a function of time, so that bars of all lengths agree with each other to the last digit, however far back they are asked
/// for, and nothing is kept. Trades of it cannot be asked for: a venue's reach no further back than its memory either.
/// </summary>
internal sealed class PastMarket(int seed, SymbolSpec spec, long end)
{
    private const long Step = 1_800 * UnixTime.Second;

    // A half hour's price lies within 2 % of the first.
    private const long Spread = 400;

    private readonly long _quantity = spec.QuantityStep * 10;

    /// <summary>Before this there is nothing: 2020-01-01T00:00:00Z.</summary>
    public const long Begin = 1_577_836_800_000_000;

    /// <summary>Time from which the engine tells.</summary>
    public long End { get; } = end;

    /// <summary>Bar of <c>[from, to)</c>, as far as it is past.</summary>
    public KlineBar Bar(long from, long to)
    {
        var until = Math.Min(to, End);
        if (until <= from)
        {
            return KlineBar.Empty(from, to, spec.Price);
        }

        var bar = KlineBar.Empty(from, to, PriceAt(from));
        bar.Close = PriceAt(until);
        (bar.High, bar.Low) = (Math.Max(bar.Open, bar.Close), Math.Min(bar.Open, bar.Close));
        for (var knot = (from / Step * Step) + Step; knot < until; knot += Step)
        {
            var price = PriceAt(knot);
            (bar.High, bar.Low) = (Math.Max(bar.High, price), Math.Min(bar.Low, price));
        }

        // One a second, of which every third is a buyer's; turnovers at the opening price of the market, so that they add up.
        bar.Trades = Seconds(until) - Seconds(from);
        bar.Volume = (Int128)bar.Trades * _quantity;
        bar.QuoteVolume = bar.Volume * spec.Price;
        var buys = (Seconds(until) / 3) - (Seconds(from) / 3);
        bar.TakerBuyVolume = (Int128)buys * _quantity;
        bar.TakerBuyQuoteVolume = bar.TakerBuyVolume * spec.Price;
        return bar;
    }

    private static long Seconds(long time) => time / UnixTime.Second;

    private long PriceAt(long time)
    {
        if (time >= End)
        {
            return spec.Price;
        }

        var knot = time / Step * Step;
        var next = Math.Min(knot + Step, End);
        var (from, to) = (Knot(knot), next == End ? spec.Price : Knot(next));
        var price = from + (long)((Int128)(to - from) * (time - knot) / (next - knot));
        return price / spec.PriceStep * spec.PriceStep;
    }

    private long Knot(long time)
    {
        var mixed = unchecked((ulong)(time / Step) + ((ulong)(uint)seed << 32)) + 0x9E3779B97F4A7C15UL;
        mixed = unchecked((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL);
        mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL);
        var offset = (long)((mixed ^ (mixed >> 31)) % ((2 * Spread) + 1)) - Spread;
        return spec.Price + (long)((Int128)spec.Price * offset / 20_000);
    }
}
