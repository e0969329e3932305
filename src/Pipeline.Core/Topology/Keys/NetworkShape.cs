using System.Net;
using System.Text.Json.Nodes;

namespace Pipeline.Core.Topology.Keys;

/// <summary>An address, or a network as address and length of its prefix.</summary>
internal sealed class NetworkShape : ScalarShape<IPNetwork>
{
    public override string Summary => "an address such as 10.0.0.7, or a network such as 10.0.0.0/8";

    protected override Reading<IPNetwork> Parse(string text)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            return new IPNetwork(address, address.GetAddressBytes().Length * 8);
        }

        return IPNetwork.TryParse(text, out var network)
            ? network
            : Reading<IPNetwork>.Fail($"{Spelling.Quote(text)} is not an address or a network", "write it like 10.0.0.7 or 10.0.0.0/8");
    }

    protected override JsonObject Describe() => new() { ["type"] = "string", ["pattern"] = "^[0-9a-fA-F.:]+(/[0-9]{1,3})?$" };

    protected override JsonNode Write(IPNetwork value) => value.ToString();
}
