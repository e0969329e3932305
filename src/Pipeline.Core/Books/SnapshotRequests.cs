using Pipeline.Core.Market;

namespace Pipeline.Core.Books;

/// <summary>When one book may ask for a snapshot, and until when it waits for the answer. One request at a time.</summary>
internal sealed class SnapshotRequests(BookOptions options, bool canAsk)
{
    private const long Never = long.MinValue;

    private readonly long _timeout = MarketTime.From(options.AnswerTimeout);
    private readonly long _minPause = MarketTime.From(options.MinPause);
    private readonly long _maxPause = MarketTime.From(options.MaxPause);
    private long _askedAt = Never;
    private long _pause;

    public bool CanAsk => canAsk;

    /// <summary>When <see cref="Ask"/> is to be called again, microseconds; the maximum when it need not be.</summary>
    public long Deadline { get; private set; } = long.MaxValue;

    /// <summary>An answer is on its way, as far as anybody knows.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>Nothing is on its way and nothing planned.</summary>
    public bool IsIdle => Deadline == long.MaxValue;

    /// <summary>True when the request is to be sent now; else it is planned for <see cref="Deadline"/>.</summary>
    public bool Ask(long now)
    {
        if (!canAsk)
        {
            Done();
            return false;
        }

        var earliest = _askedAt == Never ? now : _askedAt + _pause;
        IsWaiting = now >= earliest;
        if (!IsWaiting)
        {
            Deadline = earliest;
            return false;
        }

        _pause = Math.Clamp(_pause * 2, _minPause, _maxPause);
        Expect(now);
        return true;
    }

    /// <summary>A snapshot is to come without having been asked for: a subscription begins with one.</summary>
    public void Expect(long now)
    {
        if (canAsk)
        {
            _askedAt = now;
            IsWaiting = true;
            Deadline = now + _timeout;
        }
    }

    public void Done()
    {
        IsWaiting = false;
        Deadline = long.MaxValue;
    }

    /// <summary>The book has stood for <paramref name="stood"/>: long enough and what was before does not count any more.</summary>
    public void Forget(long stood)
    {
        if (stood >= _maxPause)
        {
            _pause = 0;
        }
    }

    /// <summary>The market used the last snapshot up: that is no failure, and asking less often would not help.</summary>
    public void Forgive() => _pause = Math.Min(_pause, _minPause);

    /// <summary>The clock was set back: what was planned by the old one is due.</summary>
    public void SetBack(long now)
    {
        _askedAt = Math.Min(_askedAt, now);
        Deadline = IsIdle ? Deadline : now;
    }
}
