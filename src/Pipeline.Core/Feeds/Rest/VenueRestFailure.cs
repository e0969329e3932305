namespace Pipeline.Core.Feeds.Rest;

/// <summary>Why a venue's HTTP interface did not answer as asked.</summary>
public enum VenueRestFailure
{
    /// <summary>No connection, or a server error, after the retries.</summary>
    Unavailable,

    /// <summary>No answer in time, after the retries.</summary>
    Timeout,

    /// <summary>Too many requests: HTTP 429 or the venue's own code.</summary>
    RateLimited,

    /// <summary>The address is banned for a while: HTTP 418 or 403.</summary>
    Banned,

    /// <summary>The request itself was refused: unknown symbol, bad parameter.</summary>
    Refused,

    /// <summary>The answer could not be read.</summary>
    BadAnswer,
}
