using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Pipeline.Gateway.Udf;

/// <summary>The paths of the UDF protocol.</summary>
internal static class UdfRoutes
{
    public static void MapUdf(this IEndpointRouteBuilder routes, UdfService udf)
    {
        var group = routes.MapGroup("/udf").WithTags("TradingView");
        group.MapGet("/config", context => AnswerAsync(context, udf.Config()));
        group.MapGet("/time", context => AnswerAsync(context, udf.Time()));
        group.MapGet("/symbols", context => AnswerAsync(context, udf.Symbols(Value(context, "symbol"), Value(context, "group"))));
        group.MapGet("/symbol_info", context => AnswerAsync(context, udf.Symbols(null, Value(context, "group"))));
        group.MapGet("/search", context => AnswerAsync(
            context, udf.Search(Value(context, "query"), Value(context, "type"), Value(context, "exchange"), Value(context, "limit"))));
        group.MapGet("/history", async context => await AnswerAsync(context, await udf.HistoryAsync(
            Value(context, "symbol"), Value(context, "resolution"), Value(context, "from"), Value(context, "to"), Value(context, "countback"), context.RequestAborted)));
    }

    private static string? Value(HttpContext context, string name) => context.Request.Query.TryGetValue(name, out var values) ? values[0] : null;

    private static async Task AnswerAsync(HttpContext context, UdfAnswer answer)
    {
        context.Response.ContentType = answer.ContentType;
        context.Response.ContentLength = answer.Body.Length;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }
}
