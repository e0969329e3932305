using System.Buffers;
using System.Net;
using Pipeline.Core.Diagnostics;
using Pipeline.Fanout;
using Pipeline.Gateway.Security;
using Pipeline.Gateway.WebSockets;

namespace Pipeline.Gateway.Hosting;

/// <summary>Stands between a link and the protocol that serves it: counts the client, and what it was cut for.</summary>
/// <param name="protocol">As metrics name it.</param>
/// <param name="address">Whom limits are counted for; it was admitted.</param>
/// <param name="onMessage">Told of each message that comes.</param>
internal sealed class WatchedClient(
    ILinkHandler inner, string protocol, IPAddress address, AddressLimiter limiter, PipelineMetrics metrics, Action onMessage) : ILinkHandler
{
    // After these codes of ours the address is refused for the penalty time: whoever is cut for what it sends shall not be back at once.
    private static readonly HashSet<int> Offences =
    [
        CloseCodes.ProtocolError.Code, CloseCodes.Unsupported.Code, CloseCodes.InvalidText.Code, CloseCodes.TooLarge.Code,
        CloseCodes.RateLimited.Code, CloseCodes.TooManyErrors.Code,
    ];

    public void OnOpened(ClientLink link)
    {
        metrics.GatewayClientConnected(protocol);
        inner.OnOpened(link);
    }

    public ValueTask OnMessageAsync(ClientLink link, ReadOnlySequence<byte> payload, bool isBinary)
    {
        onMessage();
        return inner.OnMessageAsync(link, payload, isBinary);
    }

    public void OnClosed(ClientLink link, LinkClosure closure)
    {
        limiter.Leave(address);
        if (!closure.ByPeer && Offences.Contains(closure.Code))
        {
            limiter.Punish(address);
        }

        metrics.GatewayClientDisconnected(protocol, closure.Code);
        inner.OnClosed(link, closure);
    }
}
