namespace Pipeline.Core.Feeds.Transport;

/// <summary>A connection attempt failed.</summary>
/// <param name="reason">At which stage.</param>
/// <param name="message">What happened, for the operator.</param>
/// <param name="httpStatus">Status of the answer to the handshake, where there was one.</param>
public sealed class FeedConnectException(
    DisconnectionReason reason, string message, int? httpStatus = null, Exception? inner = null) : Exception(message, inner)
{
    public DisconnectionReason Reason { get; } = reason;

    public int? HttpStatus { get; } = httpStatus;
}
