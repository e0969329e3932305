namespace Pipeline.Core.Feeds;

/// <summary>A connection came about.</summary>
/// <param name="Reason">Why it was opened.</param>
/// <param name="Outage">Time without a connection before it; zero for the first one.</param>
public sealed record ReconnectionInfo(ReconnectionReason Reason, TimeSpan Outage)
{
    public Compression Compression { get; init; }
}
