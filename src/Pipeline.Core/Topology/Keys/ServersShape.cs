using System.Globalization;
using System.Text.Json.Nodes;

namespace Pipeline.Core.Topology.Keys;

/// <summary>Kafka's list of brokers: host:port, separated by commas.</summary>
internal sealed class ServersShape : ScalarShape<string>
{
    public override string Summary => "host:port, several separated by commas";

    /// <summary>Null when every part is a host and a port; otherwise the first part that is not.</summary>
    public static string? FirstFault(string servers)
    {
        foreach (var server in servers.Split(','))
        {
            var text = server.Trim();
            var colon = text.LastIndexOf(':');
            var isServer = colon > 0
                && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
                && port is > 0 and <= ushort.MaxValue
                && Uri.CheckHostName(text[..colon].Trim('[', ']')) != UriHostNameType.Unknown;
            if (!isServer)
            {
                return text;
            }
        }

        return null;
    }

    /// <summary>Port of the first broker of a list that has passed <see cref="FirstFault"/>.</summary>
    public static int PortOf(string servers)
    {
        var first = servers.Split(',')[0].Trim();
        return int.Parse(first.AsSpan(first.LastIndexOf(':') + 1), NumberStyles.None, CultureInfo.InvariantCulture);
    }

    protected override Reading<string> Parse(string text) => FirstFault(text) is { } fault
        ? Reading<string>.Fail($"{Spelling.Quote(fault)} is not a broker's address", "write host:port, such as 127.0.0.1:29092")
        : text;

    protected override JsonObject Describe() =>
        new() { ["type"] = "string", ["pattern"] = @"^\s*[^,\s]+:[0-9]+\s*(,\s*[^,\s]+:[0-9]+\s*)*$" };

    protected override JsonNode Write(string value) => value;
}
