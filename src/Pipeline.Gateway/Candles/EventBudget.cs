namespace Pipeline.Gateway.Candles;

/// <summary>How many events a client may send: all its subscriptions at once, and a steady few after that. For one thread at a time.</summary>
internal sealed class EventBudget(TimeProvider time)
{
    private const double PerSecond = 50;
    private const double Most = 300;

    private double _left = Most;
    private long _last = time.GetTimestamp();

    public bool TryTake()
    {
        var now = time.GetTimestamp();
        _left = Math.Min(Most, _left + (time.GetElapsedTime(_last, now).TotalSeconds * PerSecond));
        _last = now;
        if (_left < 1)
        {
            return false;
        }

        _left--;
        return true;
    }
}
