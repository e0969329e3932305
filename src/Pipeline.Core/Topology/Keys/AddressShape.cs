using System.Text.Json.Nodes;

namespace Pipeline.Core.Topology.Keys;

/// <summary>Scheme, host and port, nothing behind.</summary>
internal sealed class AddressShape(params string[] schemes) : ScalarShape<Uri>
{
    private readonly string _start = string.Join(" or ", schemes.Select(scheme => scheme + "://"));

    public override string Summary => $"an address {_start}host:port";

    protected override Reading<Uri> Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Host.Length == 0)
        {
            return Reading<Uri>.Fail($"{Spelling.Quote(text)} is not an address", $"write {_start}host:port");
        }

        if (!schemes.Contains(address.Scheme))
        {
            return Reading<Uri>.Fail($"the scheme '{address.Scheme}' cannot be used here", $"write {_start}{address.Authority}");
        }

        if (address.PathAndQuery is not ("" or "/") || address.Fragment.Length > 0 || address.UserInfo.Length > 0)
        {
            return Reading<Uri>.Fail($"{Spelling.Quote(text)} has more than host and port",
                $"write {address.Scheme}://{address.Authority}");
        }

        return address.Port > 0 ? address : Reading<Uri>.Fail("port 0 cannot be connected to", "write a port from 1 to 65535");
    }

    protected override JsonObject Describe() =>
        new() { ["type"] = "string", ["pattern"] = $@"^({string.Join('|', schemes)})://[^/?#@]+/?$" };

    protected override JsonNode Write(Uri value) => value.OriginalString;
}
