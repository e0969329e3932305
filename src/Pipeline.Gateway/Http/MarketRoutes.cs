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

    private static readonly QueryParameter Venue = new("venue", "Only of this venue, such as binance.");

    private static readonly QueryParameter Instrument = new("instrument", "Only of this instrument, in our spelling: BTC-USDT.");

    private static readonly QueryParameter DataType = new("dataType", "Only of this kind: trade, quote, book, ticker, candle:1m …");

    private static readonly QueryParameter State =
        QueryParameter.Word("state", "Only streams in this state.", [.. Enum.GetNames<HealthState>().Select(name => name.ToLowerInvariant())]);

    private static readonly QueryParameter Limit = QueryParameter.Integer("limit", 1, MostListed, 1000, "Rows listed at most.");

    private static readonly QueryParameter Offset = QueryParameter.Integer("offset", 0, 10_000_000, 0, "Rows left out before the first one listed.");

    private static readonly QueryParameter Recent = QueryParameter.Integer("recent", 0, 1000, 100, "Closed holes listed at most.");

    public static void Map(IEndpointRouteBuilder routes, IGatewayFigures figures, TimeProvider time)
    {
        routes.Answer<StreamsAnswer>("GET", "/api/streams", Tag, "Every stream: how fresh it is, and its figures.",
                [Venue, Instrument, DataType, State, Limit, Offset],
                async (call, query) => Results.Json(ListStreams(
                    await figures.ReadStreamsAsync(call.RequestAborted), await figures.ReadStatusAsync(call.RequestAborted), query, Now(time))))
            .Produces<ApiError>(StatusCodes.Status503ServiceUnavailable);
        routes.Answer<GapsAnswer>("GET", "/api/gaps", Tag, "Holes in trades: those that are open, and the newest that were closed.",
                [Venue, Instrument, Limit, Recent],
                async (call, query) => Results.Json(ListGaps(await figures.ReadGapsAsync(call.RequestAborted), query, Now(time))))
            .Produces<ApiError>(StatusCodes.Status503ServiceUnavailable);
        routes.Answer<TimeAnswer>("GET", "/api/time", Tag, "The gateway's clock.", [],
            (_, _) => Task.FromResult(Results.Json(new TimeAnswer(Now(time), Now(time) / 1_000_000))));
    }

    internal static long Now(TimeProvider time) => (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static StreamsAnswer ListStreams(IReadOnlyList<StreamRow> rows, IReadOnlyList<StatusRow> collectors, QueryReader query, long now)
    {
        var (venue, instrument, kind, state) = (query.Text(Venue), query.Text(Instrument), query.Text(DataType), query.Text(State));
        var offset = query.Integer(Offset);
        var wanted = rows.Where(row => (venue is null || row.Venue == venue) && IsOf(row.Instrument, instrument)
            && (kind is null || row.DataType == kind) && (state is null || StreamBody.StateOf(row) == state)).ToList();
        return new StreamsAnswer(now, wanted.Count, offset, [.. wanted.Skip(offset).Take(query.Integer(Limit)).Select(StreamBody.Of)], WriteStatus(collectors, venue));
    }

    private static GapsAnswer ListGaps((IReadOnlyList<GapRow> Open, IReadOnlyList<GapRow> Recent) gaps, QueryReader query, long now)
    {
        var (venue, instrument) = (query.Text(Venue), query.Text(Instrument));
        bool IsWanted(GapRow row) =>
            (venue is null || row.Instrument.StartsWith($"{venue}:", StringComparison.Ordinal)) && IsOf(row.Instrument, instrument);
        var open = gaps.Open.Where(IsWanted).ToList();
        return new GapsAnswer(
            now, open.Count, Write(open.Take(query.Integer(Limit))), Write(gaps.Recent.Where(IsWanted).Take(query.Integer(Recent))));
    }

    /// <summary>A row's instrument bears its venue or not; both are what a user means.</summary>
    private static bool IsOf(string instrument, string? wanted) =>
        wanted is null || instrument == wanted
        || (instrument.EndsWith(wanted, StringComparison.Ordinal) && instrument.Length > wanted.Length && instrument[^(wanted.Length + 1)] == ':');

    /// <summary>The key of a status is <c>collector:venue</c>.</summary>
    private static IReadOnlyList<JsonElement> WriteStatus(IEnumerable<StatusRow> rows, string? venue) =>
        [.. rows.Where(row => venue is null || row.Key.EndsWith($":{venue}", StringComparison.Ordinal)).Select(row => JsonElement.Parse(row.Json.Span))];

    private static IReadOnlyList<JsonElement> Write(IEnumerable<GapRow> rows) => [.. rows.Select(row => JsonElement.Parse(row.Json.Span))];
}
