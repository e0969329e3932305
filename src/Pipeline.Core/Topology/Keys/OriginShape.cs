using System.Text.Json.Nodes;

namespace Pipeline.Core.Topology.Keys;

/// <summary>Origin of a page as browsers write it (RFC 6454): scheme, host, and the port unless it is the scheme's own.</summary>
internal sealed class OriginShape : ScalarShape<string>
{
    public override string Summary => "an origin such as https://app.example.com, or \"*\"";

    protected override Reading<string> Parse(string text)
    {
        if (text == "*")
        {
            return text;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var origin) || origin.Scheme is not ("http" or "https") || origin.Host.Length == 0)
        {
            return Reading<string>.Fail($"{Spelling.Quote(text)} is not an origin", "write it like https://app.example.com, or \"*\"");
        }

        var plain = origin.GetLeftPart(UriPartial.Authority);
        return origin.PathAndQuery is "" or "/" && origin.Fragment.Length == 0 && origin.UserInfo.Length == 0
            ? plain
            : Reading<string>.Fail($"{Spelling.Quote(text)} has more than scheme, host and port", "write it like https://app.example.com");
    }

    protected override JsonObject Describe() => new() { ["type"] = "string", ["pattern"] = @"^(\*|https?://[^/?#@*]+/?)$" };

    protected override JsonNode Write(string value) => value;
}
