using Pipeline.Core.Feeds.Pooling;

namespace Pipeline.Host.Collecting.Http;

/// <summary>Answer of <c>POST /rotate</c>.</summary>
/// <param name="Connections">What is, or was, to be replaced.</param>
/// <param name="Outcomes">What became of it; null when nobody waited.</param>
internal sealed record RotationAnswer(IReadOnlyList<string> Connections, IReadOnlyList<RotationAnswer.Outcome>? Outcomes)
{
    internal sealed record Outcome(string Connection, bool Done, string? Reason, double TookMs, int Unproven)
    {
        public static Outcome Of(RotationOutcome outcome) => new(
            outcome.Connection, outcome.IsDone, outcome.Reason, Math.Round(outcome.Took.TotalMilliseconds, 1), outcome.Unproven);
    }
}
