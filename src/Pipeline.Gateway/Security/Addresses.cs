using System.Net;
using System.Net.Sockets;

namespace Pipeline.Gateway.Security;

/// <summary>Who asks.</summary>
internal static class Addresses
{
    // Longer rows of proxies are nobody's.
    private const int MostHops = 16;

    public static bool IsLoopback(IPAddress address) => IPAddress.IsLoopback(Plain(address));

    /// <summary>An IPv4 address in IPv6 clothes as what it is.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>
    /// Whom limits are counted for. One customer has a /64 of IPv6 at least (RFC 6177), so that single addresses of it would be no limit.
    /// </summary>
    public static IPAddress KeyOf(IPAddress address)
    {
        var plain = Plain(address);
        if (plain.AddressFamily != AddressFamily.InterNetworkV6 || IPAddress.IsLoopback(plain))
        {
            return plain;
        }

        var bytes = plain.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }

    /// <summary>
    /// The peer, or, where that is a trusted proxy, whom it names: read from the right, since everything left of the first address that
    /// is no trusted proxy's may be invented.
    /// </summary>
    /// <param name="forwarded">Header <c>X-Forwarded-For</c>; null when it is absent.</param>
    public static IPAddress Resolve(IPAddress peer, string? forwarded, IReadOnlyList<IPNetwork> trusted)
    {
        var address = Plain(peer);
        if (forwarded is null || trusted.Count == 0)
        {
            return address;
        }

        var hops = forwarded.Split(',', StringSplitOptions.TrimEntries);
        for (var i = hops.Length - 1; i >= 0 && hops.Length - i <= MostHops && IsTrusted(address, trusted); i--)
        {
            if (!TryParse(hops[i], out var next))
            {
                return address;
            }

            address = Plain(next);
        }

        return address;
    }

    public static bool IsTrusted(IPAddress address, IReadOnlyList<IPNetwork> trusted)
    {
        foreach (var network in trusted)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Some proxies write the port too: <c>1.2.3.4:5</c>, <c>[::1]:5</c>.</summary>
    private static bool TryParse(string text, out IPAddress address)
    {
        if (IPEndPoint.TryParse(text, out var endPoint))
        {
            address = endPoint.Address;
            return true;
        }

        address = IPAddress.None;
        return false;
    }
}
