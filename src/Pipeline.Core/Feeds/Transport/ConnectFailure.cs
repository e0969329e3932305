using System.Net.Sockets;
using System.Security.Authentication;

namespace Pipeline.Core.Feeds.Transport;

/// <summary>Tells the causes of a failed connection attempt apart.</summary>
internal static class ConnectFailure
{
    /// <param name="httpStatus">Status of the answer to the handshake; null when none came.</param>
    public static FeedConnectException Classify(Uri address, Exception error, int? httpStatus)
    {
        if (httpStatus is { } status)
        {
            return new FeedConnectException(
                DisconnectionReason.Handshake, $"{address} answered the handshake with HTTP {status}: {error.Message}", status, error);
        }

        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case AuthenticationException:
                    return Make(DisconnectionReason.Tls, $"TLS with {address.Host} failed", cause);
                case HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError }:
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData }:
                    return Make(DisconnectionReason.Dns, $"{address.Host} does not resolve", cause);
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return Make(DisconnectionReason.Refused, $"{address.Authority} refused the connection", cause);
                case SocketException { SocketErrorCode: SocketError.TimedOut }:
                    return Make(DisconnectionReason.Timeout, $"{address.Authority} did not answer", cause);
                default:
                    break;
            }
        }

        return Make(DisconnectionReason.Network, $"No connection to {address.Authority}", error);

        FeedConnectException Make(DisconnectionReason reason, string what, Exception cause) =>
            new(reason, $"{what}: {cause.Message}", null, error);
    }
}
