using Microsoft.AspNetCore.Http;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Control;

/// <summary><c>GET /truth/candles</c> and <c>GET /truth/book</c>.</summary>
internal static partial class TruthRoutes
{
    /// <summary>Bars that open from <c>from</c> to <c>to</c>, oldest first; the forming one is marked.</summary>
    public static Task CandlesAsync(HttpContext context, SimulatorState state)
    {
        var world = World(state);
        var engine = Find(context, world);
        var interval = context.Request.Query["interval"].ToString() is { Length: > 0 } given ? given : "1m";
        var series = KlineKey.Find(interval);
        if (series < 0)
        {
            throw new ControlException(StatusCodes.Status400BadRequest, $"interval must be one such as 1m, not '{interval}'.");
        }

        var from = ControlInput.Integer(context, "from", 0, 0, long.MaxValue);
        var to = ControlInput.Integer(context, "to", long.MaxValue, 0, long.MaxValue);
        var (bars, forming) = world.Read(() => (
            engine.Klines.Read(series, from, to, int.MaxValue, newest: true, isTrue: true), engine.Klines.Forming(series).OpenTime));
        return JsonAnswer.WriteAsync(context, new
        {
            Venue = engine.Spec.Venue.Name(),
            engine.Spec.Symbol,
            Interval = interval,
            Candles = bars.Select(bar => new
            {
                bar.OpenTime,
                bar.EndTime,
                Open = PriceText(engine, bar.Open),
                High = PriceText(engine, bar.High),
                Low = PriceText(engine, bar.Low),
                Close = PriceText(engine, bar.Close),
                Volume = Sum(bar.Volume, FixedPoint.Scale),
                QuoteVolume = Sum(bar.QuoteVolume, 2 * FixedPoint.Scale),
                TakerBuyVolume = Sum(bar.TakerBuyVolume, FixedPoint.Scale),
                TakerBuyQuoteVolume = Sum(bar.TakerBuyQuoteVolume, 2 * FixedPoint.Scale),
                bar.Trades,
                bar.FirstId,
                bar.LastId,
                Closed = bar.OpenTime != forming,
            }),
        });
    }

    /// <summary>The book after the change <c>id</c>; without one the book of now.</summary>
    public static Task BookAsync(HttpContext context, SimulatorState state)
    {
        var world = World(state);
        var engine = Find(context, world);
        var id = ControlInput.Integer(context, "id", -1, 0, long.MaxValue);
        var (make, oldest, last) = world.Read(() => (
            engine.Book.History.Prepare(id < 0 ? engine.Book.LastUpdateId : id), engine.Book.History.OldestId, engine.Book.LastUpdateId));
        if (make is null)
        {
            var reason = id > last ? $"is in the future, the newest is {last}" : $"is too old, the oldest kept is {oldest}";
            throw new ControlException(StatusCodes.Status404NotFound, $"Update id {id} {reason}.");
        }

        var book = make();
        return JsonAnswer.WriteAsync(context, new
        {
            Venue = engine.Spec.Venue.Name(),
            engine.Spec.Symbol,
            book.UpdateId,
            OldestId = oldest,
            LastId = last,
            Bids = book.Bids.Select(level => new[] { PriceText(engine, level.Price), Text(level.Quantity) }),
            Asks = book.Asks.Select(level => new[] { PriceText(engine, level.Price), Text(level.Quantity) }),
        });
    }

    private static string Text(long units) => FixedPoint.ToNumber(units).ToString();

    /// <summary>An exact sum without trailing zeros, which may have more digits than a price has.</summary>
    private static string Sum(Int128 units, int scale)
    {
        var digits = units.ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        return $"{digits[..^scale]}.{digits[^scale..]}".TrimEnd('0').TrimEnd('.');
    }
}
