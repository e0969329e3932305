namespace Pipeline.Host.Venues;

/// <summary>A venue cannot be collected from as the topology asks; the message says why and what to do.</summary>
internal sealed class VenueException : Exception
{
    public VenueException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>The venue answered, and has nothing of what the topology names: a person must look. Otherwise it may be better soon.</summary>
    public bool HasNothing { get; init; }

    /// <summary>How long the venue wants to be left alone; null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
