namespace Pipeline.Core.Feeds.Transport;

/// <summary>A connection attempt failed.</summary>
/// <param name="reason">At which stage.</param>
/// <param name="message">What happened, for the operator; never a password.</param>
/// <param name="httpStatus">Status of the answer to the handshake, or of the proxy's answer, where there was one.</param>
public sealed class FeedConnectException(
    DisconnectionReason reason, string message, int? httpStatus = null, Exception? inner = null) : Exception(message, inner)
{
    public DisconnectionReason Reason { get; } = reason;

    public int? HttpStatus { get; } = httpStatus;

    /// <summary>How long the venue wants to be left alone; null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// What a person has to do, since the same attempt will have the same end; null where trying again is all there is to do.
    /// </summary>
    public string? Advice => Reason != DisconnectionReason.Handshake ? null : HttpStatus switch
    {
        403 => "The venue, or a firewall before it, refuses this address or this program: check the address (venues.*.endpoints), "
            + "whether your network may use this venue, and reach it through another network or proxy (venues.*.network.proxies).",
        404 => "There is no such path at the venue: check venues.*.endpoints.webSocket, which is an address without a path.",
        451 => "The venue does not serve the country of this address: use an address it offers for you (venues.*.endpoints), "
            + "or reach it through a proxy where it does (venues.*.network.proxies).",
        _ => null,
    };
}
