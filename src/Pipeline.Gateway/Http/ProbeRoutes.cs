using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pipeline.Core.Diagnostics;
using Pipeline.Gateway.Http.Bodies;

namespace Pipeline.Gateway.Http;

/// <summary><c>/livez</c>, <c>/readyz</c> and <c>/metrics</c>: for whoever keeps the process.</summary>
internal static class ProbeRoutes
{
    private const string Tag = "probes";

    private static readonly QueryParameter Streams =
        QueryParameter.Word("streams", "1 = answer 503 also when a stream is stale or a collector silent.", "0", "1");

    public static void Map(IEndpointRouteBuilder routes, IGatewayFigures figures)
    {
        routes.Answer<string>("GET", "/livez", Tag, "ok as soon as the process answers.", [],
            (_, _) => Results.Text("ok\n"));
        routes.Answer<GatewayReadiness>("GET", "/readyz", Tag,
                "Whether it can serve, and which streams are not fresh and why; a line of text each, or JSON for who asks for that.",
                [Streams],
                (call, query) => AnswerReadiness(call.Request, figures.Readiness, query.Text(Streams) == "1"))
            .Produces<GatewayReadiness>(StatusCodes.Status503ServiceUnavailable);
        routes.Answer<string>("GET", "/metrics", Tag, "Figures in Prometheus' text format.", [],
            (_, _) => Results.Text(MetricsPage.Of(figures), PrometheusText.ContentType));
    }

    private static IResult AnswerReadiness(HttpRequest request, GatewayReadiness readiness, bool isStrict)
    {
        var isGood = readiness.Ready && !(isStrict && readiness.Streams.Count > 0);
        var status = isGood ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return request.Headers.Accept.ToString().Contains("application/json", StringComparison.OrdinalIgnoreCase)
            ? Results.Json(readiness, statusCode: status)
            : Results.Text($"{readiness.ToText()}\n", statusCode: status);
    }
}
