namespace Pipeline.Core.Feeds.Pooling;

/// <summary>
/// When the replacement of a socket whose end was announced is tried again: after 1 s, 2 s, 4 s … at most 30 s, for as long as a notice
/// may mean. Plain logic; times are since any fixed instant.
/// </summary>
internal sealed class AnnouncedRetry
{
    internal static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    internal static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>
    /// A socket that lives on this long after it was announced to end lives on. No venue says more than this ahead: OKX about 60 s (seen
    /// 2025-09 to 2026-07), Binance 10 min until 2026-06-09 and nothing since.
    /// </summary>
    internal static readonly TimeSpan NoticeHolds = TimeSpan.FromMinutes(10);

    private TimeSpan _wait = FirstWait;
    private TimeSpan? _first;

    /// <summary>Null when nothing is to be tried again.</summary>
    public TimeSpan? Due { get; private set; }

    /// <summary>An attempt ended, and the socket in use is one that will be ended.</summary>
    /// <param name="isNewSocket">It is not the one of the attempt before: its notice is younger, the waits go on.</param>
    public void Failed(TimeSpan now, bool isNewSocket)
    {
        _first = isNewSocket ? now : _first ?? now;
        Due = now + _wait <= _first + NoticeHolds ? now + _wait : null;
        _wait = _wait * 2 < LongestWait ? _wait * 2 : LongestWait;
    }

    /// <summary>True once when it is time.</summary>
    public bool TakeDue(TimeSpan now)
    {
        var isDue = Due <= now;
        Due = isDue ? null : Due;
        return isDue;
    }
}
