namespace Pipeline.Core.Feeds.Transport;

/// <summary>Opens sockets to venues.</summary>
public interface IFeedTransport
{
    /// <summary>
    /// Connects and completes the handshake. Throws <see cref="FeedConnectException"/>, which tells the causes apart, or
    /// <see cref="OperationCanceledException"/>; the caller bounds the time through <paramref name="cancellation"/>. The former is also
    /// thrown for a cancelled attempt whose proxy is known not to have answered.
    /// </summary>
    Task<IFeedSocket> ConnectAsync(Uri address, WebSocketOptions options, CancellationToken cancellation);
}
