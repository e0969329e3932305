namespace Pipeline.Gateway.Hub;

/// <summary>Bounds of the hub.</summary>
internal sealed record HubOptions
{
    /// <summary>Age up to which records can be replayed. Default 60 s.</summary>
    public TimeSpan ReplayAge { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Records of a partition that can be replayed. Default 10,000.</summary>
    public int ReplayRecords { get; init; } = 10_000;

    /// <summary>Bytes of a partition that can be replayed. Default 16 MiB.</summary>
    public long ReplayBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Records that wait between the reading thread and the hub at most. Default 8,192.</summary>
    public int FetchRecords { get; init; } = 8192;

    /// <summary>Bytes that wait there at most. Default 32 MiB.</summary>
    public long FetchBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Records of one turn: between two turns commands run. Default 256.</summary>
    public int TurnRecords { get; init; } = 256;

    /// <summary>Messages of snapshots and replays in one turn, of all clients; the rest follow in the next turns. Default 1,024.</summary>
    public int TurnMessages { get; init; } = 1024;

    /// <summary>Commands that may wait; who posts more is refused. Default 100,000.</summary>
    public int MaxCommands { get; init; } = 100_000;

    /// <summary>
    /// True: <c>md.candles</c> records are kept until <see cref="GatewayHub.ReleaseCandles"/> says that a history has them. False (no history
    /// runs): as long as the replay window.
    /// </summary>
    public bool KeepCandles { get; init; }

    /// <summary>Candle records that are kept at most; beyond it the oldest of a series go, counted. Default 1,000,000.</summary>
    public int MaxKeptCandles { get; init; } = 1_000_000;

    /// <summary>How long a log without id is waited for before it is read without one. Default 10 s.</summary>
    public TimeSpan LogIdWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Streams at most; what appears beyond is counted and not served. Default 200,000.</summary>
    public int MaxStreams { get; init; } = 200_000;

    /// <summary>Closed holes that the board remembers. Default 1,000.</summary>
    public int RecentGaps { get; init; } = 1000;

    /// <summary>Whether minor quotes go to everybody, not only to those who ask. Default false.</summary>
    public bool Minor { get; init; }
}
