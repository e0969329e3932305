namespace Pipeline.Core.Market;

/// <summary>The one spelling of each <see cref="HealthState"/>, in records, figures and answers.</summary>
public static class HealthStateNames
{
    /// <summary>Such as <c>fresh</c>.</summary>
    public static string Of(HealthState state) => state switch
    {
        HealthState.Starting => "starting",
        HealthState.Fresh => "fresh",
        HealthState.Quiet => "quiet",
        HealthState.Stale => "stale",
        HealthState.Paused => "paused",
        _ => "stopped",
    };

    /// <summary>The same in UTF-8, without allocation.</summary>
    public static ReadOnlySpan<byte> Utf8Of(HealthState state) => state switch
    {
        HealthState.Starting => "starting"u8,
        HealthState.Fresh => "fresh"u8,
        HealthState.Quiet => "quiet"u8,
        HealthState.Stale => "stale"u8,
        HealthState.Paused => "paused"u8,
        _ => "stopped"u8,
    };
}
