namespace Pipeline.Host.Verifying;

/// <summary>What <c>pipeline verify</c> was asked to do.</summary>
internal sealed record VerifySettings
{
    public bool Candles { get; init; } = true;

    public bool Trades { get; init; } = true;

    /// <summary>Reads on while others write.</summary>
    public bool Follow { get; init; }

    /// <summary>Ends following after this time; null = when told.</summary>
    public TimeSpan? For { get; init; }

    /// <summary>Ends following when no record came for this time; null = never.</summary>
    public TimeSpan? UntilIdle { get; init; }

    /// <summary>Control address of a simulator; null = the records alone are asked.</summary>
    public Uri? Against { get; init; }

    /// <summary>Asks the venues by REST for every trade and candle.</summary>
    public bool AgainstVenue { get; init; }

    public bool Json { get; init; }
}
