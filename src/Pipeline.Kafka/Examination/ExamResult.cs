namespace Pipeline.Kafka.Examination;

/// <summary>What one look at a cluster came to.</summary>
/// <param name="Problem">Why a collector or a gateway could not work like this, and what mends it; null when it could.</param>
/// <param name="Warnings">What weakens the promises without breaking them.</param>
/// <param name="Facts">What is so.</param>
public sealed record ExamResult(string? Problem, IReadOnlyList<string> Warnings, string Facts)
{
    internal static ExamResult Good(string facts) => new(null, [], facts);

    internal static ExamResult Bad(string problem) => new(problem, [], "");
}
