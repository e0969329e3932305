using System.Net.Sockets;
using System.Security.Authentication;

namespace Pipeline.Core.Feeds.Transport;

/// <summary>Tells the causes of a failed connection attempt apart.</summary>
internal static class ConnectFailure
{
    /// <summary>Pause after a ban that names none (Binance bans for two minutes at least: rest-api.md of 2026-07-21).</summary>
    private static readonly TimeSpan BanPause = TimeSpan.FromMinutes(2);

    /// <param name="httpStatus">Status of the answer to the handshake; null when none came.</param>
    /// <param name="attempt">How far it came; null when nothing more is known.</param>
    /// <param name="retryAfter">How long the venue wants to be left alone; null when it did not say.</param>
    public static FeedConnectException Classify(
        Uri address, Exception error, int? httpStatus, ConnectAttempt? attempt = null, TimeSpan? retryAfter = null)
    {
        var via = attempt?.Proxy is { } proxy ? $" (through {ProxyAddress.Show(proxy)})" : "";
        if (httpStatus is { } status)
        {
            return new FeedConnectException(
                DisconnectionReason.Handshake, $"{address} answered the handshake with HTTP {status}{via}: {error.Message}", status, error)
            {
                RetryAfter = retryAfter ?? (status == 418 ? BanPause : null),
            };
        }

        return IsOfProxy(error, attempt) ? OfProxy(address, error, attempt!) : OfVenue(address, error, attempt, via);
    }

    private static bool IsOfProxy(Exception error, ConnectAttempt? attempt)
    {
        if (attempt?.Proxy is null)
        {
            return false;
        }

        // All that is reached directly is the proxy, and what is behind it only if it says so.
        return attempt.HopFailure is not null
            || Find<HttpRequestException>(error) is { HttpRequestError: HttpRequestError.ProxyTunnelError }
            || (!attempt.IsThrough && (attempt.IsSecureProxy || Find<AuthenticationException>(error) is null));
    }

    private static FeedConnectException OfProxy(Uri address, Exception error, ConnectAttempt attempt)
    {
        var name = ProxyAddress.Show(attempt.Proxy!);
        var status = (int?)Find<HttpRequestException>(error)?.StatusCode;
        var what = attempt.HopFailure is { } hop and not OperationCanceledException ? $"The proxy {name} cannot be reached: {hop.Message}"
            : attempt.Trust.Refusal is { } refusal ? $"TLS with the proxy {name} failed: {refusal}"
            : status == 407 ? $"The proxy {name} refused with HTTP 407: it wants a user and a password, or others than it was given"
            : status is not null ? $"The proxy {name} answered HTTP {status} when asked for {address.Authority}"
            : Find<OperationCanceledException>(error) is not null ? $"The proxy {name} opened no way to {address.Authority} in time"
            : $"The proxy {name} opened no way to {address.Authority}: {Innermost(error).Message}";
        return new FeedConnectException(DisconnectionReason.Proxy, what, status, error);
    }

    private static FeedConnectException OfVenue(Uri address, Exception error, ConnectAttempt? attempt, string via)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case AuthenticationException:
                    return Make(DisconnectionReason.Tls, $"TLS with {address.Host} failed", attempt?.Trust.Refusal ?? Innermost(cause).Message);
                case HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError }:
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData }:
                    return Make(DisconnectionReason.Dns, $"{address.Host} does not resolve", cause.Message);
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return Make(DisconnectionReason.Refused, $"{address.Authority} refused the connection", cause.Message);
                case SocketException { SocketErrorCode: SocketError.TimedOut }:
                    return Make(DisconnectionReason.Timeout, $"{address.Authority} did not answer", cause.Message);
                default:
                    break;
            }
        }

        return Make(DisconnectionReason.Network, $"No connection to {address.Authority}", error.Message);

        FeedConnectException Make(DisconnectionReason reason, string what, string why) => new(reason, $"{what}{via}: {why}", null, error);
    }

    private static T? Find<T>(Exception error)
        where T : Exception
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is T found)
            {
                return found;
            }
        }

        return null;
    }

    private static Exception Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error;
}
