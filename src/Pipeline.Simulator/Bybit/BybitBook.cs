using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Bybit;

/// <summary>One depth of a symbol's book as it was published. Changed by the publisher alone.</summary>
/// <param name="depth">Levels a side.</param>
/// <param name="interval">Shortest time between two pushes in microseconds.</param>
/// <param name="topic">Its topic.</param>
/// <param name="updateId">Of what was pushed last.</param>
internal sealed class BybitBook(int depth, long interval, BybitTopic topic, long updateId)
{
    /// <summary>Depths and shortest intervals; the world itself has no more than 400 levels.</summary>
    public static readonly IReadOnlyList<(int Depth, long Interval)> Depths =
    [
        (1, 10 * UnixTime.Millisecond), (50, 20 * UnixTime.Millisecond), (200, 100 * UnixTime.Millisecond),
        (1000, 200 * UnixTime.Millisecond),
    ];

    public int Depth { get; } = depth;

    public long Interval { get; } = interval;

    public BybitTopic Topic { get; } = topic;

    public BookView View { get; } = new(depth);

    /// <summary>One more with each push.</summary>
    public long UpdateId { get; set; } = updateId;

    public long PushedAt { get; set; }

    public bool IsDirty { get; set; } = true;
}
