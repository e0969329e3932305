namespace Pipeline.Core.Diagnostics;

/// <summary>What a gateway's candle service has done since its start, and whom it serves.</summary>
public sealed record CandleServiceTotals
{
    /// <summary>Clients that are connected.</summary>
    public long Clients { get; init; }

    /// <summary>Rooms that they are in, one for each client and room.</summary>
    public long Subscriptions { get; init; }

    /// <summary>Rooms in use.</summary>
    public long Rooms { get; init; }

    /// <summary>Instruments of which there is a room.</summary>
    public long Instruments { get; init; }

    /// <summary>Updates encoded, one for each room.</summary>
    public long Updates { get; init; }

    /// <summary>Updates put into outboxes, one for each client.</summary>
    public long Sent { get; init; }

    /// <summary>Errors told to clients, by code.</summary>
    public IReadOnlyDictionary<string, long> Errors { get; init; } = new Dictionary<string, long>();
}
