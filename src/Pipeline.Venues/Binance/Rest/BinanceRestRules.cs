namespace Pipeline.Venues.Binance.Rest;

/// <summary>
/// Where the HTTP interfaces of Binance's markets differ, and what their endpoints weigh. Sources: spot <c>rest-api.md</c> of 2026-07-21;
/// futures measured 2026-10-07, its lists of single trades after <c>developers.binance.com</c> seen 2026-10.
/// </summary>
internal sealed record BinanceRestRules
{
    public static readonly BinanceRestRules Spot = new()
    {
        Prefix = "/api/v3",
        WeightPerMinute = 6000,
        InstrumentsWeight = 20,

        // The sets are most of an answer that is near the size bound with them.
        InstrumentsQuery = "?showPermissionSets=false",
        TurnoverWeight = 80,
        TurnoverQuery = "?type=MINI",
        AggregateTradesWeight = 4,
        NewestTradesWeight = 25,
        OldTradesWeight = 25,
        MostOldTrades = 1000,
        Candles = [(1000, 2)],
        Books = [(100, 5), (500, 25), (1000, 50), (5000, 250)],
    };

    public static readonly BinanceRestRules Futures = new()
    {
        Prefix = "/fapi/v1",
        WeightPerMinute = 2400,
        InstrumentsWeight = 1,
        InstrumentsQuery = "",
        TurnoverWeight = 40,
        TurnoverQuery = "",
        AggregateTradesWeight = 20,
        NewestTradesWeight = 5,
        OldTradesWeight = 20,
        MostOldTrades = 500,
        Candles = [(100, 1), (500, 2), (1000, 5), (1500, 10)],
        Books = [(5, 2), (10, 2), (20, 2), (50, 2), (100, 5), (500, 10), (1000, 20)],
    };

    public required string Prefix { get; init; }

    public required int WeightPerMinute { get; init; }

    public required int InstrumentsWeight { get; init; }

    public required string InstrumentsQuery { get; init; }

    public required int TurnoverWeight { get; init; }

    public required string TurnoverQuery { get; init; }

    public required int AggregateTradesWeight { get; init; }

    public required int NewestTradesWeight { get; init; }

    public required int OldTradesWeight { get; init; }

    /// <summary>Most rows of single trades by id; of all other lists of trades it is 1,000.</summary>
    public required int MostOldTrades { get; init; }

    /// <summary>Up to so many candles cost so much, rising.</summary>
    public required IReadOnlyList<(int Limit, int Weight)> Candles { get; init; }

    /// <summary>Depths the venue takes, and what each costs, rising.</summary>
    public required IReadOnlyList<(int Limit, int Weight)> Books { get; init; }

    /// <summary>The smallest step that holds <paramref name="wanted"/>, or the largest there is.</summary>
    public static (int Limit, int Weight) StepFor(IReadOnlyList<(int Limit, int Weight)> steps, long wanted)
    {
        foreach (var step in steps)
        {
            if (step.Limit >= wanted)
            {
                return step;
            }
        }

        return steps[^1];
    }
}
