using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Transport;

namespace Pipeline.Host.Doctor.Venues;

/// <summary>Whether a proxy opens a way to the venue's WebSocket address.</summary>
/// <param name="proxy">One of those the topology lists; null = the one the environment names.</param>
/// <param name="shown">The proxy without user and password.</param>
internal sealed class ProxyCheck(VenueProbe venue, Uri? proxy, string shown, Uri address) : ICheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public string Name => $"{venue.Name} proxy {shown}";

    private string Advice => proxy is null
        ? "check HTTPS_PROXY and ALL_PROXY in the environment, or except the venue by NO_PROXY"
        : $"check {venue.Key("network.proxies")}: address, port, user and password; and that the proxy runs and may go to {address.Authority}";

    public Task<Finding> RunAsync(CancellationToken cancellation) => TimeLimit.KeepAsync(
        Limit, venue.Time, LookAsync, () => Finding.Fail($"the proxy {shown} opened no way to {address.Authority} within {Limit.TotalSeconds:0} s", Advice), cancellation);

    private async Task<Finding> LookAsync(CancellationToken cancellation)
    {
        var transport = new ClientWebSocketTransport(venue.Options.Network with { Proxies = proxy is null ? [] : [proxy] }, venue.Time);
        try
        {
            using var socket = await transport.ConnectAsync(address, venue.Options.WebSocket, cancellation);
        }
        catch (FeedConnectException fault) when (fault.Reason == DisconnectionReason.Proxy)
        {
            return Finding.Fail(fault.Message, Advice);
        }
        catch (FeedConnectException)
        {
            // What is behind the proxy is judged by the other checks.
        }

        return Finding.Ok($"{shown} opens a way to {address.Authority}");
    }
}
