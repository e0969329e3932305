namespace Pipeline.Kafka.Embedded;

/// <summary>Where the embedded broker is reached.</summary>
public sealed record EmbeddedBrokerOptions
{
    /// <summary>Address it listens on. Default <c>127.0.0.1</c>; <c>0.0.0.0</c> needs <see cref="AdvertisedHost"/>.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>Port; 0 = any free one. Default 29092.</summary>
    public int Port { get; init; } = 29092;

    /// <summary>Host name clients are told to connect to; null = <see cref="Address"/>, which must then be a real one.</summary>
    public string? AdvertisedHost { get; init; }

    /// <summary>Prefixes whose topics are there beside those of the topology, for replays. Default none.</summary>
    public IReadOnlyList<string> OtherPrefixes { get; init; } = [];

    /// <summary>How long an answer may still take when the broker goes down. Default 2 s.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(2);
}
