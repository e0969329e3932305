using System.Globalization;
using System.Text.Json.Nodes;
using Pipeline.Host.Status;

namespace Pipeline.Host.Supervision;

/// <summary>What a gateway says of its clients (<c>GET /api/websocket/metrics</c>), for the status table.</summary>
internal sealed class GatewayFigures
{
    // Beyond these the alerts speak.
    private const double SlowMilliseconds = 30;

    private volatile JsonObject? _last;

    /// <summary>As the gateway answered; null while it does not.</summary>
    public JsonObject? Last => _last;

    public void Apply(JsonObject? answer) => _last = answer;

    /// <summary>One section, or none while nothing is known.</summary>
    public IEnumerable<StatusSection> ToSections()
    {
        if (_last is not { } last)
        {
            return [];
        }

        var (latency, rates) = (last["latency"], last["rates"]);
        var errors = (last["errors"] as JsonObject ?? []).Sum(one => Number(one.Value));
        var slow = Number(latency?["p99"]) > SlowMilliseconds;
        return
        [
            new StatusSection("gateway",
            [
                new StatusRow("clients", $"{Count(last["connections"])} connected, {Count(rates?["messagesPerSecond"])} messages/s"),
                new StatusRow(
                    "latency",
                    $"{Time(latency?["p50"])} half, {Time(latency?["p95"])} 95 %, {Time(latency?["p99"])} 99 % (written to Kafka until handed to a client)",
                    slow ? StatusTone.Warning : StatusTone.Good),
                .. errors > 0 ? [new StatusRow("errors", errors.ToString("#,0", CultureInfo.InvariantCulture), StatusTone.Warning)] : (StatusRow[])[],
            ]),
        ];
    }

    private static double Number(JsonNode? value) => value?.GetValue<double>() ?? 0;

    private static string Count(JsonNode? value) => Number(value).ToString("#,0", CultureInfo.InvariantCulture);

    private static string Time(JsonNode? milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{Number(milliseconds):0.0} ms");
}
