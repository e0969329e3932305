namespace Pipeline.Host.Doctor;

/// <summary>What a check found.</summary>
/// <param name="Message">What is so; never a password or a token.</param>
/// <param name="Advice">What to do about it; null where nothing is to be done.</param>
internal sealed record Finding(Verdict Verdict, string Message, string? Advice = null)
{
    public static Finding Ok(string message) => new(Verdict.Ok, message);

    public static Finding Warn(string message, string advice) => new(Verdict.Warning, message, advice);

    public static Finding Fail(string message, string advice) => new(Verdict.Failed, message, advice);

    public static Finding Skip(string reason) => new(Verdict.NotChecked, reason);
}
