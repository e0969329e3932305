namespace Pipeline.Core.Diagnostics;

/// <content>Clients of the gateway and what they are sent.</content>
public sealed partial class PipelineMetrics
{
    /// <summary>Reason of a refusal: the clients of an address send too many messages.</summary>
    public const string GatewayRefusedMessages = "messages";

    /// <summary>Reason of a refusal: the clients of an address want too many streams.</summary>
    public const string GatewayRefusedStreams = "streams";

    private readonly GatewayCounters _gateway;
    private readonly MetricSource<GatewayTotals> _gatewayTotals = new();
    private Func<IEnumerable<(string Topic, long Records)>> _consumerLag = static () => [];

    /// <summary>Clients that are connected now.</summary>
    public long GatewayClientCount => _gateway.Clients.Total;

    public long GatewayConnectCount => _gateway.Connects.Total;

    /// <summary>Handshakes, connections and HTTP requests refused. Messages and streams are not among them: their clients are told an error, which counts as one.</summary>
    public long GatewayRefusedCount =>
        _gateway.Refused.Values.Where(static one => one.Tag is not (GatewayRefusedMessages or GatewayRefusedStreams)).Sum(static one => one.Value);

    public long GatewayErrorCount => _gateway.Errors.Total;

    /// <summary>Errors told to clients and failures, by code.</summary>
    public IReadOnlyDictionary<string, long> GatewayErrors => _gateway.Errors.Values.ToDictionary(one => one.Tag, one => one.Value);

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

    /// <param name="reason"><c>full</c>, <c>address</c>, <c>rate</c>, <c>penalty</c>, <c>requests</c>, <c>sockets</c>, <c>token</c>, <c>origin</c>, <c>memory</c>, <c>not-ready</c>, <c>messages</c>, <c>streams</c>.</param>
    public void GatewayRefused(string reason) => _gateway.Refused.Add(1, reason);

    /// <summary>Registers where the sums over all clients are read.</summary>
    public void AddGatewayTotals(Func<GatewayTotals> totals) => _gatewayTotals.Attach(totals);

    /// <param name="code">As clients are told, such as <c>INVALID_FILTER</c>.</param>
    public void GatewayError(string code) => _gateway.Errors.Add(1, code);

    /// <summary>Clients let go for want of memory.</summary>
    public void GatewayShed(int clients) => _gateway.Shed.Add(clients);

    /// <summary>Times the working set was found above its limit.</summary>
    public void GatewayMemoryExceeded() => _gateway.MemoryExceeded.Add(1);

    /// <param name="outcome"><c>recovered</c> or <c>not-recovered</c>.</param>
    public void GatewayResumed(string outcome) => _gateway.Resumes.Add(1, outcome);

    /// <summary>Registers how many records of each topic lie in the log that the gateway has not taken yet.</summary>
    public void AddConsumerLag(Func<IEnumerable<(string Topic, long Records)>> lag) => _consumerLag = lag;

    private void WatchGateway(MetricSet set)
    {
        Count("pipeline.gateway.records", "{record}", "Records taken from Kafka", totals => totals.Records);
        Count("pipeline.gateway.stale_records", "{record}", "Records of a writer that was taken over from, left out", totals => totals.StaleRecords);
        Count("pipeline.gateway.malformed_records", "{record}", "Records that are not understood, left out", totals => totals.MalformedRecords);
        Count("pipeline.gateway.deliveries", "{message}", "Messages handed to clients' outboxes", totals => totals.Deliveries);
        Count("pipeline.gateway.messages", "{message}", "Messages sent to clients", totals => totals.Messages);
        Count("pipeline.gateway.sent", "By", "Bytes sent to clients", totals => totals.Bytes);
        Count("pipeline.gateway.conflated", "{message}", "Waiting messages that a newer one replaced", totals => totals.Conflated);
        Count("pipeline.gateway.dropped", "{message}", "Waiting messages let go", totals => totals.Dropped);
        Count("pipeline.gateway.requests", "{message}", "Messages received from clients", totals => totals.Requests);
        Count("pipeline.gateway.faults", "{error}", "Error messages to clients, breaches of the protocol and failures in serving one", totals => totals.Faults);
        Show("pipeline.gateway.waiting_bytes", "By", "Bytes that wait for clients", totals => totals.WaitingBytes);
        Show("pipeline.gateway.subscriptions", "{stream}", "Streams subscribed to, one for each client and stream", totals => totals.Subscriptions);
        Show("pipeline.gateway.connections_limit", "{client}", "Clients that may be connected", totals => totals.MaxConnections);
        Show("pipeline.gateway.ready", "{gateway}", "Whether it can serve", totals => totals.IsReady ? 1 : 0);
        set.Watch(
            "pipeline.gateway.consumer_lag", "{record}", "Records in the log that the gateway has not taken yet",
            () => _consumerLag().Select(one => (one.Topic, "", one.Records)), "topic");

        void Count(string name, string unit, string description, Func<GatewayTotals, long> figure) => Watch(name, unit, description, figure, true);
        void Show(string name, string unit, string description, Func<GatewayTotals, long> figure) => Watch(name, unit, description, figure, false);
        void Watch(string name, string unit, string description, Func<GatewayTotals, long> figure, bool isCounter) => set.Watch(
            name, unit, description, _gatewayTotals, totals => [("", "", figure(totals))], isCounter: isCounter);
    }

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

    private sealed class GatewayCounters(MetricSet set)
    {
        public TaggedCounter Clients { get; } = set.Add(
            "pipeline.gateway.clients", "{client}", "Clients that are connected", "protocol", goesDown: true);

        public TaggedCounter Connects { get; } = set.Add("pipeline.gateway.connects", "{client}", "Clients that have connected", "protocol");

        public TaggedCounter Disconnects { get; } = set.Add(
            "pipeline.gateway.disconnects", "{client}", "Clients that have gone, by close code", "protocol", "code");

        public TaggedCounter Refused { get; } = set.Add("pipeline.gateway.refused", "{refusal}", "Handshakes, connections, requests, messages and subscriptions refused", "reason");

        public TaggedCounter Errors { get; } = set.Add("pipeline.gateway.errors", "{error}", "Errors told to clients", "code");

        public TaggedCounter Resumes { get; } = set.Add("pipeline.gateway.resumes", "{stream}", "Streams taken up again", "outcome");

        public TaggedCounter Shed { get; } = set.Add("pipeline.gateway.shed", "{client}", "Clients let go for want of memory");

        public TaggedCounter MemoryExceeded { get; } = set.Add(
            "pipeline.gateway.memory_exceeded", "{time}", "Times the working set was above its limit");
    }
}
