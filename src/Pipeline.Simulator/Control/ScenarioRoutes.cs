using Microsoft.AspNetCore.Http;
using Pipeline.Simulator.Scenarios;

namespace Pipeline.Simulator.Control;

/// <summary><c>GET /scenario</c>: how far the script is.</summary>
internal static class ScenarioRoutes
{
    public static Task ProgressAsync(HttpContext context, ScenarioRunner? runner)
    {
        if (runner is null)
        {
            return JsonAnswer.WriteAsync(context, new { State = "none" });
        }

        var progress = runner.Progress;
        return JsonAnswer.WriteAsync(context, new
        {
            State = runner.Failure is not null ? "failed" : progress.All(one => one.Next is null) ? "finished" : "running",
            runner.Failure,
            File = runner.Scenario.Name,
            ElapsedSeconds = runner.Elapsed.TotalSeconds,
            Steps = runner.Scenario.Steps.Select((step, i) => new
            {
                step.Line,
                At = FaultText.Duration(step.At),
                Fault = step.Request.Definition.Id.ToString(),
                progress[i].Done,
                step.Times,
                Next = progress[i].Next is { } next ? FaultText.Duration(next) : null,
            }),
        });
    }
}
