namespace Pipeline.Gateway.Hosting;

/// <summary>How fast a figure rises, over the last ten looks. One writer; for readers on any thread.</summary>
internal sealed class RateMeter
{
    private const int Looks = 10;

    private readonly Queue<(long Stamp, double Value)> _looks = new(Looks + 1);
    private double _rate;

    /// <summary>Per second.</summary>
    public double PerSecond => Volatile.Read(ref _rate);

    /// <param name="stamp">As <see cref="TimeProvider.GetTimestamp"/>.</param>
    public void Look(double value, long stamp, TimeProvider time)
    {
        _looks.Enqueue((stamp, value));
        if (_looks.Count > Looks + 1)
        {
            _looks.Dequeue();
        }

        var (from, before) = _looks.Peek();
        var seconds = time.GetElapsedTime(from, stamp).TotalSeconds;
        Volatile.Write(ref _rate, seconds > 0 ? (value - before) / seconds : 0);
    }
}
