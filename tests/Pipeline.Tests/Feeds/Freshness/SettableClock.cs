using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Feeds.Freshness;

/// <summary>A wall clock that can be set, over a steady one.</summary>
internal sealed class SettableClock(TestTimeProvider steady) : TimeProvider
{
    private TimeSpan _offset;

    public void Set(TimeSpan forward) => _offset += forward;

    public override DateTimeOffset GetUtcNow() => steady.GetUtcNow() + _offset;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        steady.CreateTimer(callback, state, dueTime, period);
}
