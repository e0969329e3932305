namespace Pipeline.Core.Diagnostics;

/// <summary>One look at figures, by one thread: what several of them come from is read once.</summary>
internal sealed class MetricLook
{
    private readonly Dictionary<object, object> _read = [];

    public T Read<T>(Func<T> source)
        where T : notnull
    {
        if (_read.TryGetValue(source, out var known))
        {
            return (T)known;
        }

        var value = source();
        _read.Add(source, value);
        return value;
    }
}
