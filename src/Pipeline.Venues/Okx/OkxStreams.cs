namespace Pipeline.Venues.Okx;

/// <summary>
/// Names of streams: <c>channel:instId</c>, or <c>channel:instType</c> where a channel serves a whole type. OKX has no such names, its
/// requests carry objects.
/// </summary>
internal static class OkxStreams
{
    public const string Liquidations = "liquidation-orders";

    public static string NameOf(string channel, string? target) => target is null ? channel : $"{channel}:{target}";

    public static (string Channel, string? Target) Split(string stream)
    {
        var colon = stream.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (stream, null) : (stream[..colon], stream[(colon + 1)..]);
    }

    /// <summary>The member of a request that carries the target.</summary>
    public static string TargetField(string channel) => channel == Liquidations ? "instType" : "instId";

    /// <summary>Candles and single fills come from another address than everything else.</summary>
    public static string RouteOf(string channel) =>
        channel == "trades-all" || channel.Contains("candle", StringComparison.Ordinal) ? "business" : "public";
}
