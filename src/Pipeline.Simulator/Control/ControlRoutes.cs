using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Pipeline.Simulator.Control;

/// <summary>The control port's table of contents.</summary>
internal static class ControlRoutes
{
    public static void Map(WebApplication application, SimulatorState state)
    {
        application.Use(AnswerErrorsAsync);
        application.MapGet("/status", context => StatusRoutes.StatusAsync(context, state));
        application.MapGet("/connections", context => StatusRoutes.ConnectionsAsync(context, state));
        application.MapGet("/truth/trades", context => TruthRoutes.TradesAsync(context, state));
        application.MapGet("/truth/summary", context => TruthRoutes.SummaryAsync(context, state));
        application.MapGet("/truth/candles", context => TruthRoutes.CandlesAsync(context, state));
        application.MapGet("/truth/book", context => TruthRoutes.BookAsync(context, state));
        application.MapPost("/connections/{id}/close", context => ConnectionRoutes.CloseAsync(context, state));
        application.MapPost("/connections/close-all", context => ConnectionRoutes.CloseAllAsync(context, state));
        application.MapPost("/connections/{id}/abort", context => ConnectionRoutes.AbortAsync(context, state));
        application.MapPost("/frames", context => FrameRoutes.SendAsync(context, state));
        application.MapGet("/faults/catalog", FaultRoutes.CatalogAsync);
        application.MapGet("/faults/injected", context => FaultRoutes.InjectedAsync(context, state.Faults));
        application.MapGet("/faults", context => FaultRoutes.ListAsync(context, state.Faults));
        application.MapPost("/faults", context => FaultRoutes.AddAsync(context, state));
        application.MapDelete("/faults/{handle}", context => FaultRoutes.EndAsync(context, state.Faults));
        application.MapDelete("/faults", context => FaultRoutes.EndAllAsync(context, state.Faults));
        application.MapGet("/scenario", context => ScenarioRoutes.ProgressAsync(context, state.Scenario));
        application.MapGet("/transcript", context => TranscriptRoutes.NewestAsync(context, state.Transcript));
        application.MapPost("/transcript", context => TranscriptRoutes.SwitchAsync(context, state.Transcript));
        application.MapGet("/transcript/connections", context => TranscriptRoutes.ConnectionsAsync(context, state));
        application.MapGet("/obligations", context => TranscriptRoutes.ObligationsAsync(context, state.Ledgers));
        application.MapFallback(AnswerUnknownAsync);
    }

    private static Task AnswerUnknownAsync(HttpContext context) => JsonAnswer.ErrorAsync(
        context,
        StatusCodes.Status404NotFound,
        $"There is no {context.Request.Method} {context.Request.Path}; the simulator's README lists what there is.");

    private static async Task AnswerErrorsAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (ControlException e)
        {
            await JsonAnswer.ErrorAsync(context, e.Status, e.Message);
        }
        catch (BadHttpRequestException e)
        {
            await JsonAnswer.ErrorAsync(context, e.StatusCode, e.Message);
        }
    }
}
