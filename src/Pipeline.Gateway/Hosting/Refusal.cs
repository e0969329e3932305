namespace Pipeline.Gateway.Hosting;

/// <summary>Why a client is not let in.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Reason">As metrics name it.</param>
/// <param name="Text">For people; null = what goes with the status.</param>
/// <param name="RetryAfter">When to try again; zero = not before something was changed.</param>
internal sealed record Refusal(int Status, string Reason, string? Text, TimeSpan RetryAfter = default)
{
    public int RetryAfterSeconds => (int)Math.Ceiling(RetryAfter.TotalSeconds);
}
