using Pipeline.Core.Diagnostics;
using Pipeline.Fanout;
using Pipeline.Gateway.Http;
using Pipeline.Gateway.Http.Bodies;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Streams;
using Pipeline.Gateway.WebSockets;

namespace Pipeline.Gateway.Hosting;

/// <summary>The figures of a gateway, read from its parts.</summary>
internal sealed class HubFigures(
    GatewayHub hub, WebSocketProtocol protocol, LinkServer links, GatewayGate gate, GatewayPulse pulse, PipelineMetrics metrics, TimeProvider time)
    : IGatewayFigures
{
    // A hub that does not answer within it is not well, and whoever asks must not wait for it.
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(5);

    private const int MostNamed = 20;

    private readonly long _started = time.GetTimestamp();

    /// <summary>True from the signal to stop on.</summary>
    public required Func<bool> IsStopping { get; init; }

    /// <summary>Most clients that may be connected.</summary>
    public required int MaxConnections { get; init; }

    public PipelineMetrics Metrics => metrics;

    public LatencyHistogram Latency => hub.Latency;

    public LatencyHistogram MatchTime => hub.MatchTime;

    public TimeSpan Uptime => time.GetElapsedTime(_started);

    public bool IsReady => hub.IsCaughtUp && !IsStopping();

    public IReadOnlyList<SessionRow> Sessions => [.. protocol.Sessions.OrderBy(session => session.Id)];

    public WebSocketStats Stats
    {
        get
        {
            var totals = links.Totals();
            return new WebSocketStats
            {
                TotalConnections = links.Opened,
                ActiveConnections = links.Count,
                TotalSubscriptions = protocol.Sessions.Sum(session => (long)session.Streams),
                AverageConnectionDuration = Math.Round(links.MeanDuration.TotalMilliseconds, 1),
                MessagesForwarded = totals.MessagesSent,
                ErrorsEncountered = protocol.Errors + metrics.GatewayErrorCount + metrics.GatewayRefusedCount + links.ProtocolFaults + links.HandlerFailures,
                LastActivity = pulse.LastActivity(gate.LastMessage),
            };
        }
    }

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

    public FlushAnswer Flush()
    {
        // Every link, whatever is spoken over it: what waits for a socket is on its way already, the rest is let go now.
        var (clients, messages, bytes) = links.Flush();
        return new FlushAnswer(clients, messages, bytes);
    }

    public Task<IReadOnlyList<StreamRow>> ReadStreamsAsync(CancellationToken cancellation) =>
        AskAsync(view => view.Streams.Rows(view.Now), cancellation);

    public Task<IReadOnlyList<StatusRow>> ReadStatusAsync(CancellationToken cancellation) => AskAsync(view => view.Status.All, cancellation);

    public Task<(IReadOnlyList<GapRow> Open, IReadOnlyList<GapRow> Recent)> ReadGapsAsync(CancellationToken cancellation) =>
        AskAsync(view => (view.Gaps.Open, view.Gaps.Recent), cancellation);

    public async Task<WebSocketHealth> ReadHealthAsync(CancellationToken cancellation)
    {
        var readiness = await ReadReadinessAsync(cancellation);
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

    public async Task<GatewayReadiness> ReadReadinessAsync(CancellationToken cancellation)
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

        try
        {
            return await AskAsync(Describe, cancellation);
        }
        catch (Exception fault) when (fault is TimeoutException or HubUnavailableException)
        {
            return GatewayReadiness.Waiting("the hub does not answer");
        }
    }

    private static GatewayReadiness Describe(HubView view)
    {
        var report = view.Readiness();
        List<UnwellStreamBody> unwell =
        [
            .. report.Stale.Select(one => new UnwellStreamBody(one.Stream, "stale", one.Reason, one.Since, SecondsOf(view.Now, one.Since))),
            .. view.Status.All.SelectMany(row => CollectorWatch.Judge(row, view.Now)),
        ];
        unwell.Sort((one, other) => one.Since.CompareTo(other.Since));
        if (!report.IsCaughtUp)
        {
            return GatewayReadiness.Waiting("the log is being read: the replay window is not filled yet");
        }

        var reason = unwell.Count == 0
            ? ""
            : $"ready, and {unwell.Count} {(unwell.Count == 1 ? "stream is" : "streams are")} not fresh: {unwell[0].ToText()}";
        return new GatewayReadiness(true, reason, [.. unwell.Take(MostNamed)], Math.Max(0, unwell.Count - MostNamed));
    }

    private static long SecondsOf(long now, long since) => Math.Max(0, (now - since) / 1_000_000);

    private Task<T> AskAsync<T>(Func<HubView, T> question, CancellationToken cancellation) =>
        hub.AskAsync(question, cancellation).WaitAsync(AnswerTime, time, cancellation);
}
