namespace Pipeline.Core.Feeds.Transport;

/// <summary>Opens sockets to venues.</summary>
public interface IFeedTransport
{
    /// <summary>
    /// Connects and completes the handshake. Throws <see cref="FeedConnectException"/>, which tells the causes apart, or
    /// <see cref="OperationCanceledException"/>; the caller bounds the time through <paramref name="cancellation"/>.
    /// </summary>
    Task<IFeedSocket> ConnectAsync(Uri address, WebSocketOptions options, CancellationToken cancellation);
}
