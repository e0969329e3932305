namespace Pipeline.Core.Feeds.Repair;

/// <summary>How long trades wait behind a hole, and how their venue is asked for what is missing.</summary>
public sealed record RepairOptions
{
    /// <summary>
    /// How long the later trades of an instrument wait for what is missing before them, from asking on; 0 to 60 s. Not filled by then, the
    /// hole is announced and they go on.
    /// </summary>
    public TimeSpan Hold { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Most trades of one instrument that wait.</summary>
    public int MaxHeld { get; init; } = 2_000;

    /// <summary>A hole older than this is given up.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromHours(6);

    /// <summary>Requests under way at once to one venue; its request budget is kept besides.</summary>
    public int ParallelRequests { get; init; } = 4;

    /// <summary>Most trades asked for at once; cut to what the venue gives.</summary>
    public int PageSize { get; init; } = 1_000;

    /// <summary>Pause after an answer that brought nothing new, or none; it doubles from there up to <see cref="MaxBackoff"/>.</summary>
    public TimeSpan MinBackoff { get; init; } = TimeSpan.FromMilliseconds(250);

    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one request may take, its waiting for the venue's budget and its retries included.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(90);
}
