using Microsoft.AspNetCore.Http;
using Pipeline.Core.Market;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Control;

/// <summary><c>GET /truth/…</c>: what really happened.</summary>
internal static partial class TruthRoutes
{
    private const int DefaultLimit = 1000;
    private const int MostTrades = 100_000;

    public static Task TradesAsync(HttpContext context, SimulatorState state)
    {
        var engine = Find(context, World(state));
        var fromId = ControlInput.Integer(context, "fromId", 0, 0, long.MaxValue);
        var limit = (int)ControlInput.Integer(context, "limit", DefaultLimit, 1, MostTrades);
        var trades = new EngineTrade[limit];
        var truth = engine.Truth;
        var (count, oldest, next) = World(state).Read(() => (truth.CopyTo(fromId, trades), truth.OldestId, truth.NextId));
        return JsonAnswer.WriteAsync(context, new
        {
            engine.Spec.Symbol,
            OldestId = oldest,
            LastId = next - 1,
            Trades = trades.Take(count).Select(trade => new
            {
                trade.Id,
                Price = PriceText(engine, trade.Price),
                Quantity = FixedPoint.ToNumber(trade.Quantity).ToString(),
                Side = trade.TakerBuys ? "buy" : "sell",
                trade.Time,
                trade.AggregateId,
                Kind = trade.Kind.ToString(),
            }),
        });
    }

    public static Task SummaryAsync(HttpContext context, SimulatorState state)
    {
        var world = World(state);
        var summary = world.Read(() => world.Engines.Select(engine => new
        {
            Venue = engine.Spec.Venue.Name(),
            engine.Spec.Symbol,
            Instrument = Pair(engine),
            FirstId = engine.Truth.Count == 0 ? (long?)null : engine.Truth.StartId,
            LastId = engine.Truth.Count == 0 ? (long?)null : engine.Truth.NextId - 1,
            engine.Truth.Count,
            Holes = engine.Truth.Holes.Select(hole => new { hole.From, hole.To }).ToList(),
            Withheld = engine.Truth.Withheld.Select(trade => new { trade.Id, trade.AggregateId, trade.Time }).ToList(),
            FalseCandles = engine.Klines.FalseBars.Select(bar => new
            {
                Interval = KlineKey.All[bar.Series].Interval.Name,
                bar.Right.OpenTime,
                bar.Field,
                Corrected = bar.IsCorrected,
            }).ToList(),
            OldestKeptId = engine.Truth.Count == 0 ? (long?)null : engine.Truth.OldestId,
        }).ToList());
        return JsonAnswer.WriteAsync(context, new { Symbols = summary });
    }

    /// <summary>Base and quote: on some venues the symbol does not tell.</summary>
    private static string Pair(SymbolEngine engine) => $"{engine.Spec.Base}-{engine.Spec.Quote}";

    /// <summary>As the venue sends it.</summary>
    private static string PriceText(SymbolEngine engine, long price) => new Number(price, engine.Spec.PriceDecimals).ToString();

    private static MarketWorld World(SimulatorState state) =>
        state.World ?? throw new ControlException(StatusCodes.Status409Conflict, "In replay mode the truth is the recording.");

    private static SymbolEngine Find(HttpContext context, MarketWorld world)
    {
        var symbol = context.Request.Query["symbol"].ToString();
        var name = context.Request.Query["venue"].ToString() is { Length: > 0 } given ? given : SimulatedVenue.BinanceSpot.Name();
        if (!SimulatedVenueNames.TryFind(name, out var venue))
        {
            throw new ControlException(
                StatusCodes.Status400BadRequest, $"venue must be one of {string.Join(", ", SimulatedVenueNames.All)}, not '{name}'.");
        }

        var engine = world.TryFind(venue, symbol, out var found) || world.TryFind(venue, symbol.ToUpperInvariant(), out found)
            ? found
            : world.EnginesOf(venue).FirstOrDefault(one => Pair(one).Equals(symbol, StringComparison.OrdinalIgnoreCase));
        return engine is not null
            ? engine
            : throw new ControlException(StatusCodes.Status400BadRequest, $"symbol must name one of /status, not '{symbol}' of {name}.");
    }
}
