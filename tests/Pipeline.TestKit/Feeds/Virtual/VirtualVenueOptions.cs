namespace Pipeline.TestKit.Feeds.Virtual;

/// <summary>Rules and distances of a <see cref="VirtualVenue"/>; the defaults are those of Binance spot.</summary>
public sealed record VirtualVenueOptions
{
    /// <summary>Time of connecting and of the handshake together.</summary>
    public TimeSpan ConnectTime { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Time from a request to its answer.</summary>
    public TimeSpan AckTime { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Messages taken in any second on a connection, pongs included; one more closes with 1008.</summary>
    public int MessagesPerSecond { get; init; } = 5;

    /// <summary>How often a client is pinged; its socket answers unseen, and each pong counts as a message.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Streams on one connection; one more closes with 1008.</summary>
    public int MaxStreams { get; init; } = 1024;

    /// <summary>A larger request gets no answer at all.</summary>
    public int MaxRequestBytes { get; init; } = 4096;

    /// <summary>Attempts to connect in any <see cref="AttemptsPeriod"/>; one more is answered with 429.</summary>
    public int MaxAttempts { get; init; } = 300;

    public TimeSpan AttemptsPeriod { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Age at which a connection is closed with 1001.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Seed of rates and of what goes wrong by chance.</summary>
    public int Seed { get; init; } = 1;
}
