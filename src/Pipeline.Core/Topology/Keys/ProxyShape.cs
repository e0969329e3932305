using System.Text.Json.Nodes;

namespace Pipeline.Core.Topology.Keys;

/// <summary>Address of a proxy, with a user and a password where it wants them. They are never written back.</summary>
internal sealed class ProxyShape : ScalarShape<Uri>
{
    private static readonly string[] Schemes = ["http", "https", "socks4", "socks4a", "socks5"];

    public override string Summary => "a proxy such as http://host:3128 or socks5://user:password@host:1080";

    protected override Reading<Uri> Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var proxy) || proxy.Host.Length == 0 || proxy.Port <= 0)
        {
            return Reading<Uri>.Fail("this is not the address of a proxy", "write it like http://host:3128 or socks5://host:1080");
        }

        return Schemes.Contains(proxy.Scheme)
            ? proxy
            : Reading<Uri>.Fail($"the scheme '{proxy.Scheme}' cannot be used here", $"choose one of {string.Join(", ", Schemes)}");
    }

    protected override JsonObject Describe() =>
        new() { ["type"] = "string", ["pattern"] = $"^({string.Join('|', Schemes)})://.+:[0-9]+/?$" };

    protected override JsonNode Write(Uri value) => $"{value.Scheme}://{value.Authority}";
}
