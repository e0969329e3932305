using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pipeline.Gateway.Http;

namespace Pipeline.Gateway.Udf;

/// <summary>The paths of the UDF protocol. Parameters that it does not have are passed over: charts send more than they are asked for.</summary>
internal static class UdfRoutes
{
    private const string Tag = "tradingview";

    private static readonly QueryParameter Symbol = new("symbol", "An instrument in any spelling: BINANCE:BTCUSDT, BTC-USDT, BTC/USDT.");

    private static readonly QueryParameter Group = new("group", "A venue or exchange: all its instruments.");

    private static readonly QueryParameter[] Searching =
    [
        new("query", "What the names shall have in them."),
        QueryParameter.Word("type", "Only of this kind.", "spot", "perpetual", "token"),
        new("exchange", "Only of this exchange, as /udf/config names it."),
        QueryParameter.Integer("limit", 1, UdfService.MaxResults, UdfService.DefaultResults, "Results at most."),
    ];

    private static readonly QueryParameter[] Asking =
    [
        Symbol,
        new("resolution", $"One of {string.Join(' ', UdfResolutions.All)}."),
        new("from", "First second wanted, since 1970; does not count where countback is given."),
        new("to", "Second since 1970 from which on nothing is wanted."),
        new("countback", $"Bars wanted, counted back from to; {UdfService.MaxBars} at most are given."),
    ];

    public static void MapUdf(this IEndpointRouteBuilder routes, UdfService udf)
    {
        routes.Tell("/udf/config", Tag, "What this datafeed can do: exchanges, kinds, resolutions.", [], call => Done(call, udf.Config()));
        routes.Tell("/udf/time", Tag, "The gateway's clock, seconds since 1970.", [], call => Done(call, udf.Time()), "text/plain");
        routes.Tell("/udf/symbols", Tag, "One instrument, or all of a group.", [Symbol, Group],
            call => Done(call, udf.Symbols(Value(call, "symbol"), Value(call, "group"))));
        routes.Tell("/udf/symbol_info", Tag, "All instruments of a group, as a table.", [Group], call => Done(call, udf.Symbols(null, Value(call, "group"))));
        routes.Tell("/udf/search", Tag, "Instruments by a part of their name.", Searching, call => Done(
            call, udf.Search(Value(call, "query"), Value(call, "type"), Value(call, "exchange"), Value(call, "limit"))));
        routes.Tell("/udf/history", Tag, "Bars: s is ok, no_data (with nextTime, where there are older ones) or error, with errmsg.", Asking, async call => Answer(call, await udf.HistoryAsync(
            Value(call, "symbol"), Value(call, "resolution"), Value(call, "from"), Value(call, "to"), Value(call, "countback"), call.RequestAborted)));
    }

    private static string? Value(HttpContext call, string name) => call.Request.Query.TryGetValue(name, out var values) ? values[0] : null;

    private static Task<IResult> Done(HttpContext call, UdfAnswer answer) => Task.FromResult(Answer(call, answer));

    private static IResult Answer(HttpContext call, UdfAnswer answer)
    {
        call.Response.Headers.CacheControl = "no-store";
        return Results.Bytes(answer.Body, answer.ContentType);
    }
}
