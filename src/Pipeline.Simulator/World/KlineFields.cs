namespace Pipeline.Simulator.World;

/// <summary>Values of a bar that can be made wrong, each by the smallest step that a venue can tell.</summary>
internal static class KlineFields
{
    // One in the last of the eight decimals that turnovers are written with.
    private const long SmallestTurnover = 100_000_000;

    public static readonly IReadOnlyList<string> Names =
        ["close", "open", "high", "low", "volume", "quoteVolume", "takerBuyVolume", "trades", "firstId", "lastId"];

    /// <summary>Those that people compare, the usual one first.</summary>
    public static readonly IReadOnlyList<string> Intervals = ["1m", "1s", "3m", "5m", "15m", "30m", "1h", "4h", "1d"];

    public static KlineBar Falsified(KlineBar bar, string field, SymbolSpec spec)
    {
        switch (field)
        {
            case "close":
                bar.Close += spec.PriceStep;
                break;
            case "open":
                bar.Open += spec.PriceStep;
                break;
            case "high":
                bar.High += spec.PriceStep;
                break;
            case "low":
                bar.Low -= spec.PriceStep;
                break;
            case "volume":
                bar.Volume += spec.QuantityStep;
                break;
            case "quoteVolume":
                bar.QuoteVolume += Int128.Max((Int128)bar.Close * spec.QuantityStep, SmallestTurnover);
                break;
            case "takerBuyVolume":
                bar.TakerBuyVolume += spec.QuantityStep;
                break;
            case "trades":
                bar.Trades++;
                break;
            case "firstId":
                bar.FirstId--;
                break;
            default:
                bar.LastId++;
                break;
        }

        return bar;
    }
}
