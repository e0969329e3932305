using System.Diagnostics.Metrics;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;
using Pipeline.Fanout;
using Pipeline.Gateway.Http;
using Pipeline.Gateway.Http.Bodies;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Instruments;
using Pipeline.Gateway.WebSockets;

namespace Pipeline.Gateway.Hosting;

/// <summary>The figures of a gateway, read from its parts.</summary>
internal sealed class HubFigures(
    GatewayHub hub, WebSocketProtocol protocol, LinkServer links, GatewayGate gate, GatewayPulse pulse, PipelineMetrics metrics, TimeProvider time)
    : IGatewayFigures
{
    // Of what the hub writes down once a second. A hub whose word is older is not well.
    private const long OldestBoard = 5_000_000;

    private const int MostNamed = 20;

    private readonly long _started = time.GetTimestamp();

    /// <summary>True from the signal to stop on.</summary>
    public required Func<bool> IsStopping { get; init; }

    /// <summary>Most clients that may be connected.</summary>
    public required int MaxConnections { get; init; }

    public PipelineMetrics Metrics => metrics;

    /// <summary>What is served beside <c>/ws</c>.</summary>
    public required IReadOnlyList<IGatewayService> Services { get; init; }

    public required IEnumerable<Meter> Meters { get; init; }

    public LatencyHistogram Latency => hub.Latency;

    public LatencyHistogram MatchTime => hub.MatchTime;

    public TimeSpan Uptime => time.GetElapsedTime(_started);

    public bool IsReady => hub.IsCaughtUp && !IsStopping();

    public IReadOnlyList<SessionRow> Sessions =>
    [
        .. protocol.Sessions.Concat(Services.SelectMany(service => service.Sessions))
            .OrderBy(session => session.ConnectedAt).ThenBy(session => session.Id, StringComparer.Ordinal),
    ];

    public WebSocketStats StatsOf(IReadOnlyList<SessionRow> sessions) => new()
    {
        TotalConnections = protocol.Opened + Services.Sum(service => service.Opened),
        ActiveConnections = sessions.Count,
        TotalSubscriptions = sessions.Sum(session => (long)session.Streams),
        AverageConnectionDuration = Math.Round(links.MeanDuration.TotalMilliseconds, 1),
        MessagesForwarded = links.Totals().MessagesSent,
        ErrorsEncountered = protocol.Errors + Services.Sum(service => service.Errors)
            + metrics.GatewayErrorCount + metrics.GatewayRefusedCount + links.ProtocolFaults + links.HandlerFailures,
        LastActivity = pulse.LastActivity(gate.LastMessage),
    };

    public WebSocketMetrics Performance
    {
        get
        {
            var totals = links.Totals();
            return new WebSocketMetrics
            {
                Latency = QuantilesBody.Of(Latency),
                MatchTime = QuantilesBody.Of(MatchTime),
                Rates = pulse.Rates,
                Connections = links.Count,
                Records = hub.Counts.Records,
                Messages = totals.MessagesSent,
                Bytes = totals.BytesSent,
                WaitingBytes = totals.WaitingBytes,
                Errors = metrics.GatewayErrors,
                Disconnects = links.Closures.OrderBy(one => one.Key)
                    .ToDictionary(one => one.Key.ToString(System.Globalization.CultureInfo.InvariantCulture), one => one.Value),
                Conflated = totals.Conflated,
                Dropped = totals.Dropped,
                Cpu = pulse.Cpu,
                Memory = pulse.Memory,
            };
        }
    }

    public WebSocketHealth Health
    {
        get
        {
            var readiness = Readiness;
            var reasons = new List<string>();
            if (readiness.Reason.Length > 0)
            {
                reasons.Add(readiness.Reason);
            }

            if (!hub.IsConnected)
            {
                reasons.Add("the broker cannot be reached");
            }

            if (pulse.IsMemoryTight)
            {
                reasons.Add("memory is above its limit");
            }

            if (links.Count >= MaxConnections)
            {
                reasons.Add("as many clients are connected as may be");
            }

            return new WebSocketHealth
            {
                Status = !readiness.Ready ? "unhealthy" : reasons.Count > 0 ? "degraded" : "healthy",
                Connections = links.Count,
                Uptime = Math.Round(Uptime.TotalSeconds, 3),
                LastError = pulse.LastError,
                Performance = new PerformanceBody(Math.Round(Latency.Mean / 1000, 3), pulse.Memory),
                Reasons = reasons,
            };
        }
    }

    public GatewayReadiness Readiness
    {
        get
        {
            if (IsStopping())
            {
                return GatewayReadiness.Waiting("the gateway is stopping");
            }

            if (!hub.IsCaughtUp)
            {
                return GatewayReadiness.Waiting(hub.IsConnected
                    ? "the log is being read: the replay window is not filled yet"
                    : "the broker cannot be reached");
            }

            var now = MarketTime.Now(time);
            return hub.Board is { } board && now - board.Time < OldestBoard
                ? Describe(board, now)
                : GatewayReadiness.Waiting("the hub does not answer");
        }
    }

    public FlushAnswer Flush()
    {
        // Every link, whatever is spoken over it: what waits for a socket is on its way already, the rest is let go now.
        var (clients, messages, bytes) = links.Flush();
        return new FlushAnswer(clients, messages, bytes);
    }

    public bool Disconnect(string id) => protocol.Disconnect(id) || Services.Any(service => service.Disconnect(id));

    public IInstrumentFinder Instruments => hub.Instruments;

    public HubBoard ReadBoard() => hub.Board ?? throw new HubUnavailableException();

    private static GatewayReadiness Describe(HubBoard board, long now)
    {
        List<UnwellStreamBody> unwell =
        [
            .. board.Stale.Select(one => new UnwellStreamBody(one.Stream, "stale", one.Reason, one.Since, SecondsOf(now, one.Since))),
            .. board.Status.SelectMany(row => CollectorWatch.Judge(row, now)),
        ];
        unwell.Sort((one, other) => one.Since.CompareTo(other.Since));
        var reason = unwell.Count == 0
            ? ""
            : $"ready, and {unwell.Count} {(unwell.Count == 1 ? "stream is" : "streams are")} not fresh: {unwell[0].ToText()}";
        return new GatewayReadiness(true, reason, [.. unwell.Take(MostNamed)], Math.Max(0, unwell.Count - MostNamed));
    }

    private static long SecondsOf(long now, long since) => Math.Max(0, (now - since) / 1_000_000);
}
