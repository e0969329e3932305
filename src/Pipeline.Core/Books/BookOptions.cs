namespace Pipeline.Core.Books;

/// <summary>How books are held and published.</summary>
public sealed record BookOptions
{
    /// <summary>
    /// Most levels a side that may be published. Snapshots of Binance futures end at 1,000: with fewer than a few times the published
    /// depth the market soon moves beyond them, and the book is lost again and again.
    /// </summary>
    public const int MostDepth = 200;

    /// <summary>Levels a side that are published, up to <see cref="MostDepth"/>. Default 50.</summary>
    public int Depth { get; init; } = 50;

    /// <summary>Longest time between two full records of a valid book. Default 10 s.</summary>
    public TimeSpan SnapshotInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a book without an update is published by the clock. Default 90 s: a venue that keeps a quiet book alive does so every
    /// 60 s (OKX).
    /// </summary>
    public TimeSpan TrustedSilence { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Levels a side asked for by REST; what lies behind them is unknown until it changes. Default 1,000.</summary>
    public int SnapshotDepth { get; init; } = 1000;

    /// <summary>Most levels a side held; the worst go. Default 10,000.</summary>
    public int MaxLevels { get; init; } = 10_000;

    /// <summary>Updates of one book kept until its snapshot comes; the oldest go. Default 1,024: 100 s at a venue's usual pace.</summary>
    public int MaxBufferedUpdates { get; init; } = 1_024;

    /// <summary>Levels in those updates. Default 32,768.</summary>
    public int MaxBufferedLevels { get; init; } = 32_768;

    /// <summary>
    /// The same of all books of a lane together, an update counting as three levels more. A thousand books may wait for a venue's budget
    /// of requests for minutes. Default 1,000,000: some 64 MB a lane.
    /// </summary>
    public int MaxBufferedLevelsPerLane { get; init; } = 1_000_000;

    /// <summary>How long an answer to a request may take. Default 10 s.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Least time between two requests for one book; doubles with every one until the book has stood a while. Default 1 s.</summary>
    public TimeSpan MinPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause between requests; a book that stood as long begins with the least again. Default 60 s.</summary>
    public TimeSpan MaxPause { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What is asked for: never less than what is published.</summary>
    internal int RequestDepth => Math.Max(SnapshotDepth, Depth);
}
