namespace Pipeline.Core.Sequencing;

/// <summary>
/// Values of which only the newest count: passes what is not older than the newest by event time, and once what another socket brought
/// before. One socket may say the same twice; that passes.
/// </summary>
/// <typeparam name="T">A value without the time at which it arrived, so that copies are equal.</typeparam>
internal sealed class Newest<T>
    where T : struct, IEquatable<T>
{
    // So many different values of one time are remembered.
    private const int MaxValues = 8;

    private readonly List<(T Value, long Socket)> _values = new(1);
    private LatestTime _latest;
    private long _time;

    /// <summary><see cref="Verdict.Next"/>, <see cref="Verdict.Late"/> or <see cref="Verdict.Duplicate"/>.</summary>
    /// <param name="eventTime">
    /// Microseconds; 0 where the venue sends none, and then only the very last value is compared: a price may come back to where it was.
    /// </param>
    public Verdict Judge(in T value, long eventTime, long receivedTime, long socket)
    {
        if (!_latest.Passes(eventTime, receivedTime))
        {
            return Verdict.Late;
        }

        if (eventTime == _time && IsCopy(value, socket))
        {
            return Verdict.Duplicate;
        }

        if (eventTime != _time || eventTime == 0)
        {
            _values.Clear();
            _time = eventTime;
        }

        if (_values.Count < MaxValues)
        {
            _values.Add((value, socket));
        }

        return Verdict.Next;
    }

    private bool IsCopy(in T value, long socket)
    {
        foreach (var (known, from) in _values)
        {
            if (from != socket && known.Equals(value))
            {
                return true;
            }
        }

        return false;
    }
}
