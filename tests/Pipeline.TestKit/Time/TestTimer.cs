namespace Pipeline.TestKit.Time;

/// <summary>A timer of <see cref="TestTimeProvider"/>, which guards its state.</summary>
internal sealed class TestTimer(TestTimeProvider owner, TimerCallback callback, object? state) : ITimer
{
    public long Due { get; set; }

    /// <summary>Order of arming: the tie-break among timers due at the same instant.</summary>
    public long Order { get; set; }

    public TimeSpan Period { get; set; }

    public bool IsDisposed { get; set; }

    public bool Change(TimeSpan dueTime, TimeSpan period) => owner.Arm(this, dueTime, period);

    public void Fire() => callback(state);

    public void Dispose() => owner.Remove(this);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
