namespace Pipeline.Kafka.Sink;

/// <summary>Lets a notice of each code through at most every 10 s, and counts the rest. For one thread.</summary>
internal sealed class NoticeLimiter(TimeProvider clock)
{
    private const int MostCodes = 64;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private readonly Dictionary<string, (long Shown, int Suppressed)> _codes = new(StringComparer.Ordinal);

    /// <param name="suppressed">Notices of this code held back before this one.</param>
    public bool Admit(string code, out int suppressed)
    {
        suppressed = 0;
        if (_codes.TryGetValue(code, out var last))
        {
            suppressed = last.Suppressed;
            if (clock.GetElapsedTime(last.Shown) < Interval)
            {
                _codes[code] = (last.Shown, suppressed + 1);
                return false;
            }
        }
        else if (_codes.Count == MostCodes)
        {
            _codes.Clear();
        }

        _codes[code] = (clock.GetTimestamp(), 0);
        return true;
    }
}
