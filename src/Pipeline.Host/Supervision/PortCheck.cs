using System.Net;
using System.Net.Sockets;

namespace Pipeline.Host.Supervision;

/// <summary>Finds out before the start whether a port can be had.</summary>
internal static class PortCheck
{
    /// <summary>Null when the port is free.</summary>
    public static PortTrouble? Find(string child, PortClaim claim)
    {
        var address = AddressOf(claim.Host);
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, claim.Port));
            socket.Listen();
            return null;
        }
        catch (SocketException fault) when (fault.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            var holder = PortHolder.Find(claim.Port)?.ToString() ?? $"another program ('ss -ltnp sport = :{claim.Port}' may name it)";
            return new PortTrouble(
                $"port {claim.Port} ({claim.Key}) of the {child} is taken by {holder}", $"stop that, or write another port under {claim.Key}");
        }
        catch (SocketException fault)
        {
            return new PortTrouble(
                $"{claim.Host}:{claim.Port} ({claim.Key}) of the {child} cannot be listened on ({fault.Message})", $"write another under {claim.Key}");
        }
    }

    private static IPAddress AddressOf(string host) =>
        IPAddress.TryParse(host.Trim('[', ']'), out var address) ? address : host == "localhost" ? IPAddress.Loopback : IPAddress.Any;
}
