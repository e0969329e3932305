namespace Pipeline.Core.Topology;

/// <summary>Whether a collector records the frames it takes, for replay, and how many it keeps.</summary>
public sealed record RecordOptions
{
    /// <summary>As <see cref="To"/>: the topic <c>md.raw</c> in place of a folder.</summary>
    public const string Kafka = "kafka";

    /// <summary>Default false.</summary>
    public bool Enabled { get; init; }

    /// <summary>Folder for the files, or <see cref="Kafka"/>. Default <c>data/recordings</c>.</summary>
    public string To { get; init; } = "data/recordings";

    /// <summary>
    /// True: connections wait while the disk or the brokers are slow. False: they never do, and frames that do not fit are left out of the
    /// recording and counted. Default false.
    /// </summary>
    public bool Holds { get; init; }

    /// <summary>Bytes of a file after which the next one begins. Default 256 MiB.</summary>
    public long RotateSize { get; init; } = 256L << 20;

    /// <summary>Age of a file after which the next one begins. Default 1 h.</summary>
    public TimeSpan RotateAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Bytes of a venue's files beyond which the oldest are deleted. Default 10 GiB.</summary>
    public long Keep { get; init; } = 10L << 30;

    /// <summary>Whether the frames go to the topic.</summary>
    public bool IsTopic => Enabled && To == Kafka;
}
