namespace Pipeline.Core.Feeds.Subscriptions;

/// <summary>
/// Keeps requests of one socket below the venue's rate. They are spaced evenly and not let through in bursts: two bursts that the
/// network pushes together would fall into one second of the venue. Plain logic; times are since any fixed instant.
/// </summary>
/// <param name="perSecond">Most requests in any second.</param>
internal sealed class RequestPacer(int perSecond)
{
    /// <summary>The second of the sum is a little longer than the venue's, so that its borders do not matter.</summary>
    private static readonly TimeSpan Second = TimeSpan.FromMilliseconds(1050);

    private readonly TimeSpan _spacing = Second / perSecond;
    private TimeSpan _next;

    /// <summary>Wait before the next request may be made.</summary>
    public TimeSpan WaitAt(TimeSpan now) => _next > now ? _next - now : TimeSpan.Zero;

    /// <summary>A request is made.</summary>
    public void Use(TimeSpan now) => _next = now + _spacing;
}
