namespace Pipeline.Core.Feeds.Rest;

/// <summary>A venue's HTTP interface did not answer as asked; the message says what was asked and what came.</summary>
public sealed class VenueRestException : Exception
{
    public VenueRestException(VenueRestFailure failure, string message, TimeSpan? retryAfter = null, Exception? inner = null)
        : base(message, inner)
    {
        Failure = failure;
        RetryAfter = retryAfter;
    }

    public VenueRestFailure Failure { get; }

    /// <summary>How long the venue wants to be left alone; null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; }
}
