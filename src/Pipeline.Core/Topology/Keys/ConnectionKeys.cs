using Pipeline.Core.Feeds;

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
            .Key("maxMessagesPerSecond", new IntegerShape(1, int.MaxValue), o => o.MaxMessagesPerSecond,
                (o, v) => o with { MaxMessagesPerSecond = v },
                "Most requests in any second on one connection. Left out: the venue's limit.")
            .Key("batchSize", new IntegerShape(1, 100_000), o => o.BatchSize, (o, v) => o with { BatchSize = v },
                "Most subscriptions collected before a batch is cut.")
            .Key("batchDelay", new DurationShape(TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1)), o => o.BatchDelay,
                (o, v) => o with { BatchDelay = v }, "Longest time subscriptions are collected.");

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
