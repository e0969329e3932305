namespace Pipeline.Core.Feeds;

/// <summary>Reasons as metric tags.</summary>
internal static class ReasonTags
{
    public static string ToTag(this DisconnectionReason reason) => reason switch
    {
        DisconnectionReason.Dns => "dns",
        DisconnectionReason.Refused => "refused",
        DisconnectionReason.Network => "network",
        DisconnectionReason.Tls => "tls",
        DisconnectionReason.Handshake => "handshake",
        DisconnectionReason.Timeout => "timeout",
        DisconnectionReason.ClosedByVenue => "closed-by-venue",
        DisconnectionReason.Aborted => "aborted",
        DisconnectionReason.Silent => "silent",
        DisconnectionReason.Stalled => "stall",
        DisconnectionReason.Overload => "overload",
        DisconnectionReason.Rotated => "rotated",
        DisconnectionReason.Idle => "idle",
        DisconnectionReason.Proxy => "proxy",
        DisconnectionReason.Requested => "requested",
        DisconnectionReason.Stopped => "stopped",
        _ => "unknown",
    };

    public static string ToTag(this ReconnectionReason reason) => reason switch
    {
        ReconnectionReason.Initial => "initial",
        ReconnectionReason.Lost => "network",
        ReconnectionReason.Stalled => "stall",
        ReconnectionReason.Overload => "overload",
        ReconnectionReason.Rotation => "rotation",
        ReconnectionReason.Requested => "requested",
        _ => "unknown",
    };
}
