namespace Pipeline.Core.Feeds;

/// <summary>
/// Keeps requests of one connection below the venue's rate. They are spaced evenly and not let through in bursts: two bursts that the
/// network pushes together would fall into one second of the venue. Plain logic; the caller brings the time.
/// </summary>
/// <param name="perSecond">Most requests in any second.</param>
internal sealed class RequestPacer(int perSecond)
{
    /// <summary>The second of the sum is a little longer than the venue's, so that its borders do not matter.</summary>
    private static readonly TimeSpan Second = TimeSpan.FromMilliseconds(1050);

    private readonly TimeSpan _spacing = Second / perSecond;
    private TimeSpan _next;

    /// <summary>Takes the next place; returns the wait for it from <paramref name="now"/>, a time since any fixed instant.</summary>
    public TimeSpan Reserve(TimeSpan now)
    {
        var wait = _next > now ? _next - now : TimeSpan.Zero;
        _next = now + wait + _spacing;
        return wait;
    }
}
