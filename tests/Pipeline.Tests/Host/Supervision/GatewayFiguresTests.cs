using System.Text.Json.Nodes;
using Pipeline.Host.Status;
using Pipeline.Host.Supervision;

namespace Pipeline.Tests.Host.Supervision;

public sealed class GatewayFiguresTests
{
    private readonly GatewayFigures _figures = new();

    [Fact]
    public void ToSections_NoAnswer_IsNoSection() => Assert.Empty(_figures.ToSections());

    [Fact]
    public void ToSections_SaysClientsAndLatency()
    {
        _figures.Apply(JsonNode.Parse("""
            {"connections":1200,"latency":{"p50":1.24,"p95":8,"p99":29.96},"rates":{"messagesPerSecond":45012.7},"errors":{}}
            """)!.AsObject());
        var rows = Assert.Single(_figures.ToSections()).Rows;

        Assert.Equal(
            [
                new StatusRow("clients", "1,200 connected, 45,013 messages/s"),
                new StatusRow("latency", "1.2 ms half, 8.0 ms 95 %, 30.0 ms 99 % (written to Kafka until handed to a client)", StatusTone.Good),
            ],
            rows);
    }

    [Fact]
    public void ToSections_SlowOrWithErrors_IsAWarning()
    {
        _figures.Apply(JsonNode.Parse("""{"connections":1,"latency":{"p50":1,"p95":8,"p99":31},"errors":{"INVALID_FILTER":2,"RATE_LIMITED":1}}""")!.AsObject());
        var rows = Assert.Single(_figures.ToSections()).Rows.ToDictionary(row => row.Name);

        Assert.Equal(StatusTone.Warning, rows["latency"].Tone);
        Assert.Equal(new StatusRow("errors", "3", StatusTone.Warning), rows["errors"]);
    }
}
