namespace Pipeline.Host.Doctor;

/// <summary>A check that is over.</summary>
/// <param name="Took">Without the time it waited for others.</param>
internal sealed record CheckResult(string Name, Finding Finding, TimeSpan Took)
{
    public Verdict Verdict => Finding.Verdict;
}
