namespace Pipeline.Core.Diagnostics;

/// <content>Clients of the gateway and what they are sent.</content>
public sealed partial class PipelineMetrics
{
    private readonly GatewayCounters _gateway;
    private Func<GatewayTotals>? _gatewayTotals;

    /// <summary>Clients that are connected now.</summary>
    public long GatewayClientCount => _gateway.Clients.Total;

    public long GatewayConnectCount => _gateway.Connects.Total;

    public long GatewayRefusedCount => _gateway.Refused.Total;

    public long GatewayErrorCount => _gateway.Errors.Total;

    /// <summary>Errors told to clients and failures, by code.</summary>
    public IReadOnlyDictionary<string, long> GatewayErrors
    {
        get
        {
            var samples = new List<MetricSample>();
            _gateway.Errors.CopyTo(samples);
            return samples.ToDictionary(sample => sample.Tag, sample => sample.Value);
        }
    }

    /// <param name="protocol"><c>ws</c> or <c>socket.io</c>.</param>
    public void GatewayClientConnected(string protocol)
    {
        _gateway.Clients.Add(1, protocol);
        _gateway.Connects.Add(1, protocol);
    }

    /// <param name="code">WebSocket close code; 1006 = the connection broke.</param>
    public void GatewayClientDisconnected(string protocol, int code)
    {
        _gateway.Clients.Add(-1, protocol);
        _gateway.Disconnects.Add(1, protocol, CodeText(code));
    }

    /// <param name="reason"><c>full</c>, <c>address</c>, <c>rate</c>, <c>penalty</c>, <c>token</c>, <c>origin</c>, <c>memory</c>, <c>not-ready</c>.</param>
    public void GatewayRefused(string reason) => _gateway.Refused.Add(1, reason);

    /// <summary>Registers where the sums over all clients are read.</summary>
    public void AddGatewayTotals(Func<GatewayTotals> totals) => _gatewayTotals = totals;

    /// <param name="code">As clients are told, such as <c>INVALID_FILTER</c>.</param>
    public void GatewayError(string code) => _gateway.Errors.Add(1, code);

    /// <summary>Clients let go for want of memory.</summary>
    public void GatewayShed(int clients) => _gateway.Shed.Add(clients);

    /// <summary>Times the working set was found above its limit.</summary>
    public void GatewayMemoryExceeded() => _gateway.MemoryExceeded.Add(1);

    /// <param name="outcome"><c>recovered</c> or <c>not-recovered</c>.</param>
    public void GatewayResumed(string outcome) => _gateway.Resumes.Add(1, outcome);

    private static IEnumerable<MetricSample> SamplesOf(GatewayTotals totals) =>
    [
        new("pipeline.gateway.records", "", "", totals.Records),
        new("pipeline.gateway.stale_records", "", "", totals.StaleRecords),
        new("pipeline.gateway.malformed_records", "", "", totals.MalformedRecords),
        new("pipeline.gateway.deliveries", "", "", totals.Deliveries),
        new("pipeline.gateway.messages", "", "", totals.Messages),
        new("pipeline.gateway.sent", "", "", totals.Bytes),
        new("pipeline.gateway.conflated", "", "", totals.Conflated),
        new("pipeline.gateway.dropped", "", "", totals.Dropped),
        new("pipeline.gateway.waiting_bytes", "", "", totals.WaitingBytes),
    ];

    // Peers may send any code; what is none of the known ones is one tag, so that they cannot make tags without end.
    private static string CodeText(int code) => code switch
    {
        1000 => "1000",
        1001 => "1001",
        1002 => "1002",
        1003 => "1003",
        1005 => "1005",
        1006 => "1006",
        1007 => "1007",
        1008 => "1008",
        1009 => "1009",
        1011 => "1011",
        1012 => "1012",
        1013 => "1013",
        >= 4000 and < 4100 => code.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => "other",
    };

    private sealed class GatewayCounters(CounterSet set)
    {
        public TaggedCounter Clients { get; } = set.Add(
            "pipeline.gateway.clients", "{client}", "Clients that are connected", "protocol", goesDown: true);

        public TaggedCounter Connects { get; } = set.Add("pipeline.gateway.connects", "{client}", "Clients that have connected", "protocol");

        public TaggedCounter Disconnects { get; } = set.Add(
            "pipeline.gateway.disconnects", "{client}", "Clients that have gone, by close code", "protocol", "code");

        public TaggedCounter Refused { get; } = set.Add("pipeline.gateway.refused", "{handshake}", "Handshakes refused", "reason");

        public TaggedCounter Errors { get; } = set.Add("pipeline.gateway.errors", "{error}", "Errors told to clients", "code");

        public TaggedCounter Resumes { get; } = set.Add("pipeline.gateway.resumes", "{stream}", "Streams taken up again", "outcome");

        public TaggedCounter Shed { get; } = set.Add("pipeline.gateway.shed", "{client}", "Clients let go for want of memory");

        public TaggedCounter MemoryExceeded { get; } = set.Add(
            "pipeline.gateway.memory_exceeded", "{time}", "Times the working set was above its limit");
    }
}
