using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pipeline.Core.Market;
using Pipeline.Gateway.Http.Bodies;
using Pipeline.Gateway.Streams;

namespace Pipeline.Gateway.Http;

/// <summary><c>/api/streams</c>, <c>/api/gaps</c> and <c>/api/time</c>: what the log says of itself.</summary>
internal static class MarketRoutes
{
    /// <summary>Rows listed at most in one answer.</summary>
    public const int MostListed = 10_000;

    private const string Tag = "market";

    private static readonly QueryParameter Venue = new("venue", "Only of this venue: binance; or of all venues of an exchange, in TradingView's spelling: BINANCE.");

    private static readonly QueryParameter Instrument = new("instrument", "Only of this instrument, in any spelling: BTC-USDT, binance:BTC-USDT, BTC/USDT, BINANCE:BTCUSDT, BTCUSDT; * stands for any characters: BTC-*.");

    private static readonly QueryParameter DataType = new("dataType", "Only of this kind: trade, quote, book, ticker, candle, candle:1m …");

    private static readonly QueryParameter State =
        QueryParameter.Word("state", "Only streams in this state.", [.. Enum.GetNames<HealthState>().Select(name => name.ToLowerInvariant())]);

    private static readonly QueryParameter Limit = QueryParameter.Integer("limit", 1, MostListed, 1000, "Rows listed at most.");

    private static readonly QueryParameter Offset = QueryParameter.Integer("offset", 0, 10_000_000, 0, "Rows left out before the first one listed.");

    private static readonly QueryParameter Recent = QueryParameter.Integer("recent", 0, 1000, 100, "Closed holes listed at most.");

    public static void Map(IEndpointRouteBuilder routes, IGatewayFigures figures, TimeProvider time)
    {
        routes.Answer<StreamsAnswer>("GET", "/api/streams", Tag, "Every stream: how fresh it is, and its figures.",
                [Venue, Instrument, DataType, State, Limit, Offset],
                (_, query) => Results.Json(ListStreams(figures, query, MarketTime.Now(time))))
            .Produces<ApiError>(StatusCodes.Status503ServiceUnavailable);
        routes.Answer<GapsAnswer>("GET", "/api/gaps", Tag, "Holes in trades: those that are open, and the newest that were closed.",
                [Venue, Instrument, Limit, Recent],
                (_, query) => Results.Json(ListGaps(figures, query, MarketTime.Now(time))))
            .Produces<ApiError>(StatusCodes.Status503ServiceUnavailable);
        routes.Answer<TimeAnswer>("GET", "/api/time", Tag, "The gateway's clock.", [],
            (_, _) =>
            {
                var now = MarketTime.Now(time);
                return Results.Json(new TimeAnswer(now, now / 1_000_000));
            });
    }

    private static StreamsAnswer ListStreams(IGatewayFigures figures, QueryReader query, long now)
    {
        var (board, filter) = (figures.ReadBoard(), new MarketFilter(figures.Instruments, query.Text(Venue), query.Text(Instrument), query.Text(DataType)));
        var (state, offset) = (query.Text(State), query.Integer(Offset));
        var wanted = board.Streams.Where(row =>
            filter.Takes(row.Instrument) && filter.TakesType(row.DataType) && (state is null || StreamBody.StateOf(row) == state)).ToList();
        return new StreamsAnswer(now, wanted.Count, offset, [.. wanted.Skip(offset).Take(query.Integer(Limit)).Select(StreamBody.Of)], WriteStatus(board.Status, filter));
    }

    private static GapsAnswer ListGaps(IGatewayFigures figures, QueryReader query, long now)
    {
        var (board, filter) = (figures.ReadBoard(), new MarketFilter(figures.Instruments, query.Text(Venue), query.Text(Instrument)));
        var open = board.OpenGaps.Where(row => filter.Takes(row.Instrument)).ToList();
        return new GapsAnswer(
            now, open.Count, Write(open.Take(query.Integer(Limit))), Write(board.RecentGaps.Where(row => filter.Takes(row.Instrument)).Take(query.Integer(Recent))));
    }

    /// <summary>The key of a status is <c>collector:venue</c>.</summary>
    private static IReadOnlyList<JsonElement> WriteStatus(IEnumerable<StatusRow> rows, MarketFilter filter) =>
        [.. rows.Where(row => filter.TakesVenue(row.Key[(row.Key.LastIndexOf(':') + 1)..])).Select(row => JsonElement.Parse(row.Json.Span))];

    private static IReadOnlyList<JsonElement> Write(IEnumerable<GapRow> rows) => [.. rows.Select(row => JsonElement.Parse(row.Json.Span))];
}
