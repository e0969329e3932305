namespace Pipeline.Core.Feeds;

/// <summary>Whether traffic is above its budget: from above it until it is below nine tenths of it, so that it is told once and not at every swing.</summary>
internal sealed class TrafficBudget(long bytesPerSecond)
{
    private readonly long _back = (long)(bytesPerSecond * 0.9);

    public bool IsExceeded { get; private set; }

    /// <summary>Whether <see cref="IsExceeded"/> has changed by <paramref name="rate"/>.</summary>
    public bool Judge(long rate)
    {
        var isExceeded = IsExceeded ? rate >= _back : rate > bytesPerSecond;
        var hasChanged = isExceeded != IsExceeded;
        IsExceeded = isExceeded;
        return hasChanged;
    }
}
