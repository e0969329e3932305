namespace Pipeline.Core.Diagnostics;

/// <summary>What several figures come from; nobody has any of them until it is attached. For any thread.</summary>
internal sealed class MetricSource<T>
    where T : notnull
{
    private volatile Func<T>? _read;

    /// <summary>Once more replaces it.</summary>
    public void Attach(Func<T> read) => _read = read;

    /// <summary>The values of one figure.</summary>
    public IEnumerable<(string Tag, string Detail, long Value)> Read(MetricLook look, Func<T, IEnumerable<(string Tag, string Detail, long Value)>> figure) =>
        _read is { } read ? figure(look.Read(read)) : [];
}
