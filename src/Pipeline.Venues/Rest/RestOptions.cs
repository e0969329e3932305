namespace Pipeline.Venues.Rest;

/// <summary>How a venue's HTTP interface is asked.</summary>
internal sealed record RestOptions
{
    /// <summary>How long one attempt may take, the answer's body included.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Attempts behind the first one, for lost connections, server errors and timeouts.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>Pause before the first retry; it doubles from there, with jitter, up to <see cref="LongestRetryDelay"/>.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    public TimeSpan LongestRetryDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Largest answer that is read.</summary>
    public int MaxAnswerBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>A call waits out a venue's pause up to this long, and fails at once when it is longer.</summary>
    public TimeSpan PatientFor { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Pause after "too many requests" when the venue names none.</summary>
    public TimeSpan RateLimitPause { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Pause after a ban when the venue names none: the shortest Binance gives.</summary>
    public TimeSpan BanPause { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Header in which the venue tells the weight used in the running minute; null where it tells none.</summary>
    public string? UsedWeightHeader { get; init; }
}
