namespace Pipeline.Core.Candles;

/// <summary>The Socket.IO candle service of the gateway.</summary>
public sealed record CandleServiceOptions
{
    /// <summary>Whether it runs. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>A port of its own, beside the gateway's; null = the gateway's alone. Default <c>http://127.0.0.1:5051</c>.</summary>
    public Uri? Listen { get; init; } = new("http://127.0.0.1:5051");

    /// <summary>A client without a subscription is let go after so long. Default 60 s.</summary>
    public TimeSpan ConnectionTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Rooms a client may be in. Default 100.</summary>
    public int MaxSubscriptionsPerClient { get; init; } = 100;

    /// <summary>Candles of history that a client gets who names no limit. Default 100.</summary>
    public int HistoryDataLimit { get; init; } = 100;

    /// <summary>Time between two pings to a client. Default 25 s.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>How long a client may take to answer one. Default 60 s.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
