using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Transport;

namespace Pipeline.Core.Topology.Keys;

internal static class ConnectionKeys
{
    public static Section<WebSocketOptions> MakeWebSocket()
    {
        var pause = new DurationShape(TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1));
        return new Section<WebSocketOptions>(() => new WebSocketOptions())
            .Key("autoReconnect", new FlagShape(), o => o.AutoReconnect, (o, v) => o with { AutoReconnect = v },
                "Whether a lost connection is opened again.")
            .Key("maxReconnectAttempts", new IntegerShape(-1, int.MaxValue), o => o.MaxReconnectAttempts,
                (o, v) => o with { MaxReconnectAttempts = v }, "Attempts in a row before giving up; -1 = for ever.")
            .Key("reconnectDelay", pause, o => o.ReconnectDelay, (o, v) => o with { ReconnectDelay = v }, "First pause of the back-off.")
            .Key("maxReconnectDelay", pause, o => o.MaxReconnectDelay, (o, v) => o with { MaxReconnectDelay = v },
                "Longest pause of the back-off.")
            .Key("backoffMultiplier", new RealShape(1, 100), o => o.BackoffMultiplier, (o, v) => o with { BackoffMultiplier = v },
                "Factor between two pauses.")
            .Key("connectTimeout", new DurationShape(TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10)), o => o.ConnectTimeout,
                (o, v) => o with { ConnectTimeout = v }, "How long connecting and the handshake may take.")
            .Key("maxConnectionAge", new DurationShape(TimeSpan.FromSeconds(1), TimeSpan.FromDays(30)), o => o.MaxConnectionAge,
                (o, v) => o with { MaxConnectionAge = v }, "Age at which a connection is replaced, give or take a twentieth.")
            .Key("rotationWindow", new DailyWindowShape(), _ => null, (o, v) => o with { RotationWindow = v },
                "Hours of the day (UTC) in which connections are replaced for their age, such as 02:00-04:00Z. Left out: at any time.")
            .Key("overlapTimeout", Wait(TimeSpan.FromMilliseconds(100)), o => o.OverlapTimeout, (o, v) => o with { OverlapTimeout = v },
                "How long a stream may take to prove that the replacement carries it; a quiet one counts as proven then.")
            .Key("replacementTimeout", Wait(TimeSpan.FromSeconds(1)), o => o.ReplacementTimeout, (o, v) => o with { ReplacementTimeout = v },
                "How long a replacement may take to be subscribed; then the old connection is kept for now.")
            .Key("stallTimeout", Wait(TimeSpan.FromMilliseconds(100)), o => o.StallTimeout, (o, v) => o with { StallTimeout = v },
                "Silence after which a busy connection is suspected.")
            .Key("streamSilence", Wait(TimeSpan.FromMilliseconds(100)), o => o.StreamSilence, (o, v) => o with { StreamSilence = v },
                "Least silence after which a stream is suspected, however lively it was.")
            .Key("idleCeiling", Wait(TimeSpan.FromSeconds(1)), o => o.IdleCeiling, (o, v) => o with { IdleCeiling = v },
                "Silence after which a stream is looked after, however quiet it was.")
            .Key("healthCheckInterval", Wait(TimeSpan.FromMilliseconds(100)), o => o.HealthCheckInterval,
                (o, v) => o with { HealthCheckInterval = v }, "Longest time between two looks at a connection and its streams.")
            .Key("pauseLimit", Wait(TimeSpan.FromSeconds(1)), o => o.PauseLimit, (o, v) => o with { PauseLimit = v },
                "How long a connection may wait for room behind it before it is closed.")
            .Key("compression", new FlagShape(), o => o.Compression, (o, v) => o with { Compression = v },
                "Whether compression is offered to the venue.")
            .Key("maxFrameBytes", new SizeShape(SizeShape.KiB, FeedConnection.LargestMaxFrame), o => (long)o.MaxFrameBytes,
                (o, v) => o with { MaxFrameBytes = (int)v }, "Largest frame kept whole; a larger one becomes a dead letter.")
            .Key("receiveBufferBytes", new SizeShape(4 * SizeShape.KiB, 64 * SizeShape.MiB), o => (long)o.ReceiveBufferBytes,
                (o, v) => o with { ReceiveBufferBytes = (int)v }, "Kernel receive buffer; megabytes there would be seconds of stale data.")
            .Rule(["reconnectDelay", "maxReconnectDelay"], LongestIsNotShorter);
    }

    public static Section<PoolOptions> MakePool() =>
        new Section<PoolOptions>(() => new PoolOptions())
            .Key("maxStreamsPerConnection", new IntegerShape(1, int.MaxValue), o => o.MaxStreamsPerConnection,
                (o, v) => o with { MaxStreamsPerConnection = v }, "Most streams on one connection. Left out: the venue's limit.")
            .Key("maxConnectionsPerPool", new IntegerShape(1, 10_000), o => o.MaxConnections, (o, v) => o with { MaxConnections = v },
                "Most connections; replacements come on top for as long as they take over. Left out: the venue's limit.")
            .Key("cleanupPeriod", new DurationShape(TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1)), o => o.CleanupPeriod,
                (o, v) => o with { CleanupPeriod = v }, "How long a stream that nobody wants any more is kept.")
            .Key("maxMessagesPerSecond", new IntegerShape(1, int.MaxValue), o => o.MaxMessagesPerSecond,
                (o, v) => o with { MaxMessagesPerSecond = v },
                "Most requests in any second on one connection. Left out: the venue's limit.")
            .Key("batchSize", new IntegerShape(1, 100_000), o => o.BatchSize, (o, v) => o with { BatchSize = v },
                "Most subscriptions collected before a batch is cut.")
            .Key("batchDelay", new DurationShape(TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1)), o => o.BatchDelay,
                (o, v) => o with { BatchDelay = v }, "Longest time subscriptions are collected.");

    public static Section<NetworkOptions> MakeNetwork() =>
        new Section<NetworkOptions>(() => new NetworkOptions())
            .Key("proxies", new ListShape<Uri>("proxy", new ProxyShape(), 0), _ => null, (o, v) => o with { Proxies = v },
                "Proxies, the next one after three failed attempts. Left out: those of the environment.")
            .Key("certificateAuthority", new TextShape("a file", "^.+$"), _ => null, (o, v) => o with { CertificateAuthority = v },
                "File of certificates (PEM) that are trusted besides the system's.");

    private static DurationShape Wait(TimeSpan least) => new(least, TimeSpan.FromDays(1));

    private static IEnumerable<Breach> LongestIsNotShorter(WebSocketOptions options)
    {
        if (options.MaxReconnectDelay < options.ReconnectDelay)
        {
            var (first, longest) = (DurationShape.Format(options.ReconnectDelay), DurationShape.Format(options.MaxReconnectDelay));
            yield return new Breach("maxReconnectDelay", $"{longest} is shorter than reconnectDelay, {first}", $"write {first} or more")
            {
                Other = "reconnectDelay",
            };
        }
    }
}
