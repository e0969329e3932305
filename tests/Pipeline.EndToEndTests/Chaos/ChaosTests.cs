using Pipeline.EndToEndTests.Stack;
using Xunit.Abstractions;

namespace Pipeline.EndToEndTests.Chaos;

/// <summary>
/// Connections are cut and stall, frames come twice, in another order or not at all, REST and the broker fail, the collector is killed:
/// afterwards every trade that the exchange made is in the log once and in order, every candle is the sum of its trades, and the ledger
/// has every hole.
/// </summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Everything_GoesWrong_AndNothingIsLost()
    {
        // PIPELINE_CHAOS_MINUTES makes it longer; PIPELINE_CHAOS_SEED does the same again.
        var minutes = LongForm.Number("PIPELINE_CHAOS_MINUTES", 0);
        var plan = new ChaosPlan(ChaosPlan.ChooseSeed(), ChaosStack.Keys);
        Tell($"| seed | PIPELINE_CHAOS_SEED={plan.Seed} |");
        ChaosVerdict verdict;
        try
        {
            verdict = await new ChaosRun(plan, TimeSpan.FromMinutes(minutes), Tell).RunAsync();
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"With PIPELINE_CHAOS_SEED={plan.Seed}: {error.Message}", error);
        }

        foreach (var line in verdict.Table())
        {
            Tell(line);
        }

        var kept = verdict.Failures.Count == 0 ? "" : $" (kept in {verdict.Save()})";
        Assert.True(verdict.Failures.Count == 0, $"With PIPELINE_CHAOS_SEED={plan.Seed}: {verdict.Failures.Count} contradictions{kept}\n  {string.Join("\n  ", verdict.Failures.Take(40))}");
    }

    /// <summary>At once: a run that is ended from outside must have said its seed.</summary>
    private void Tell(string line)
    {
        output.WriteLine(line);
        Console.WriteLine(line);
    }
}
