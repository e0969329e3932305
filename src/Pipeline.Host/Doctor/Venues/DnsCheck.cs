using System.Net;
using System.Net.Sockets;

namespace Pipeline.Host.Doctor.Venues;

/// <summary>Whether the name of a venue's host resolves. Behind a proxy nobody asks: the proxy resolves it.</summary>
/// <param name="key">Key of the topology that has the host.</param>
internal sealed class DnsCheck(string venue, string host, string key, TimeProvider time) : ICheck
{
    private const int Shown = 3;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(4);

    public string Name => $"{venue} dns {host}";

    private string Advice => $"check the spelling in {key}, and that this machine has a working resolver: 'getent hosts {host}'; "
        + "where only a proxy may go out, name it under network.proxies: it resolves names itself";

    public Task<Finding> RunAsync(CancellationToken cancellation) => TimeLimit.KeepAsync(
        Limit, time, LookAsync, () => Finding.Fail($"{host} did not resolve within {Limit.TotalSeconds:0} s", Advice), cancellation);

    private async Task<Finding> LookAsync(CancellationToken cancellation)
    {
        if (IPAddress.TryParse(host.Trim('[', ']'), out _))
        {
            return Finding.Ok($"{host} is an address");
        }

        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host, cancellation);
            var more = addresses.Length > Shown ? $" and {addresses.Length - Shown} more" : "";
            return addresses.Length == 0
                ? Finding.Fail($"{host} has no address", Advice)
                : Finding.Ok($"{host} is {string.Join(", ", addresses.Take(Shown).Select(address => address.ToString()))}{more}");
        }
        catch (SocketException fault)
        {
            return Finding.Fail($"{host} does not resolve: {fault.Message}", Advice);
        }
    }
}
