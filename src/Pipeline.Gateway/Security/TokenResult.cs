using System.Diagnostics.CodeAnalysis;

namespace Pipeline.Gateway.Security;

/// <summary>What became of a token.</summary>
/// <param name="Fault">None = it lets in.</param>
/// <param name="Subject">Who it says its bearer is; null when it does not say.</param>
/// <param name="Expires">When it ends, microseconds since the Unix epoch; null = never.</param>
[SuppressMessage("Usage", "CA2225", Justification = "Internal: the implicit conversion is the only form used.")]
internal readonly record struct TokenResult(TokenFault Fault, string? Subject = null, long? Expires = null)
{
    // What is beyond any calendar is as good as never.
    private const long MostMicroseconds = 250_000_000_000_000_000;

    /// <summary>When it ends; null = never.</summary>
    public DateTimeOffset? ExpiresAt =>
        Expires is { } end and < MostMicroseconds ? DateTimeOffset.UnixEpoch.AddTicks(end * TimeSpan.TicksPerMicrosecond) : null;

    public bool IsGood => Fault == TokenFault.None;

    public static implicit operator TokenResult(TokenFault fault) => new(fault);
}
