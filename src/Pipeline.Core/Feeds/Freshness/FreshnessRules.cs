using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds.Freshness;

/// <summary>How long is too long; all in microseconds.</summary>
/// <param name="Silence">Least silence after which a stream is suspected, however lively it was.</param>
/// <param name="Ceiling">Silence after which it is looked after, however quiet it was.</param>
internal sealed record FreshnessRules(long Silence, long Ceiling)
{
    /// <summary>A stream is suspected when it is silent so many times as long as it ever was within the last hour.</summary>
    public const int Patience = 4;

    /// <summary>What was learned under another clock is trusted so long after it was set.</summary>
    public const long Memory = 3_600_000_000;

    /// <summary>One late event may be an old one; a stream is late when its newest event still is after this time.</summary>
    public const long LateConfirmation = 1_000_000;

    /// <summary>What did not help is done again ever more seldom, at least this often.</summary>
    public const long LongestPause = 3_600_000_000;

    public static FreshnessRules Of(WebSocketOptions options) =>
        new(MarketTime.From(options.StreamSilence), Math.Max(MarketTime.From(options.StreamSilence), MarketTime.From(options.IdleCeiling)));

    /// <summary>Silence after which a stream that was silent for at most <paramref name="longest"/> is suspected.</summary>
    public long LimitFor(long longest) => longest >= Ceiling / Patience ? Ceiling : Math.Max(Silence, Patience * longest);

    /// <summary>Pause before the next attempt, the ceiling doubled with each.</summary>
    public long PauseAfter(int attempts) => Math.Min(Math.Max(LongestPause, Ceiling), Ceiling << Math.Min(attempts - 1, 8));
}
