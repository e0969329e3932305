namespace Pipeline.Venues.Rest;

/// <summary>
/// Keeps calls below what a venue allows: each takes its weight before it goes out, and waits in order while there is none left.
/// A share stays free for urgent calls, so that books and probes do not wait behind repair and history. Safe from several threads.
/// </summary>
internal sealed class WeightBudget
{
    /// <summary>Percent that only urgent calls may use, unless said otherwise.</summary>
    public const int DefaultUrgentPercent = 30;

    private readonly Lock _gate = new();
    private readonly IWeightWindow _window;
    private readonly WeightLine _urgent;
    private readonly WeightLine _ordinary;

    private WeightBudget(IWeightWindow window, int limit, int urgentPercent, TimeProvider clock)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        ArgumentOutOfRangeException.ThrowIfNegative(urgentPercent);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(urgentPercent, 100);
        _window = window;
        Limit = limit;
        _urgent = new WeightLine(_gate, window, limit, clock);
        _ordinary = new WeightLine(_gate, window, Math.Max(1, limit * (100 - urgentPercent) / 100), clock);
    }

    /// <summary>Weight that a window may hold.</summary>
    public int Limit { get; }

    /// <summary>Weight used of the window that runs now.</summary>
    public int Used
    {
        get
        {
            lock (_gate)
            {
                return _window.Used;
            }
        }
    }

    /// <summary>Calls that wait for their turn.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _urgent.Waiting + _ordinary.Waiting;
            }
        }
    }

    /// <summary>Weight per fixed UTC minute (Binance).</summary>
    public static WeightBudget PerMinute(int limit, TimeProvider clock, int urgentPercent = DefaultUrgentPercent) =>
        new(new MinuteWindow(clock), limit, urgentPercent, clock);

    /// <summary>So many requests in any <paramref name="length"/>, for one endpoint (OKX, Bybit).</summary>
    public static WeightBudget Rolling(int limit, TimeSpan length, TimeProvider clock, int urgentPercent = DefaultUrgentPercent) =>
        new(new RollingWindow(length, clock), limit, urgentPercent, clock);

    /// <summary>Waits for its turn and takes <paramref name="weight"/>; returns the number of the window, for <see cref="Synchronise"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than a window's share can ever hold.</exception>
    public ValueTask<long> TakeAsync(int weight, bool urgent, CancellationToken cancellation) =>
        (urgent ? _urgent : _ordinary).TakeAsync(weight, cancellation);

    /// <summary>The venue says how much was used in the window that an answered request was counted in.</summary>
    public void Synchronise(long window, int used)
    {
        lock (_gate)
        {
            _window.Synchronise(window, used);
        }
    }
}
