namespace Pipeline.Core.Feeds;

/// <summary>What a venue allows, as data. Each adapter states source and date of its values.</summary>
public sealed record VenueLimits
{
    /// <summary>Most streams on one connection.</summary>
    public required int MaxStreamsPerConnection { get; init; }

    /// <summary>Most requests we send in any second on one connection.</summary>
    public required int MaxMessagesPerSecond { get; init; }

    /// <summary>Most requests in any hour on one connection; null where the venue sets no such limit.</summary>
    public int? MaxRequestsPerHour { get; init; }

    /// <summary>Most stream names in one request.</summary>
    public required int MaxStreamsPerRequest { get; init; }

    /// <summary>A request stays below this size, in bytes of UTF-8.</summary>
    public required int MaxRequestBytes { get; init; }

    /// <summary>How long an acknowledgement may take.</summary>
    public required TimeSpan AckTimeout { get; init; }
}
