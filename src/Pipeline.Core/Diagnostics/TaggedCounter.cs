using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Pipeline.Core.Diagnostics;

/// <summary>A counter with up to two tags that can be read back in process, which a plain <see cref="Counter{T}"/> cannot.</summary>
internal sealed class TaggedCounter : Metric
{
    private readonly ConcurrentDictionary<(string Tag, string Detail), StrongBox<long>> _values = new();

    /// <param name="goesDown">What is counted comes and goes: the sum is how many there are now.</param>
    public TaggedCounter(Meter meter, MetricFamily family, bool goesDown)
        : base(family)
    {
        // Without tags there is one value, and none yet is a value too.
        if (family.TagName.Length == 0)
        {
            _values.TryAdd(("", ""), new StrongBox<long>());
        }

        Publish(meter, goesDown);
    }

    public IEnumerable<(string Tag, string Detail, long Value)> Values =>
        _values.Select(one => (one.Key.Tag, one.Key.Detail, Interlocked.Read(ref one.Value.Value)));

    public long Total
    {
        get
        {
            var total = 0L;
            foreach (var (_, value) in _values)
            {
                total += Interlocked.Read(ref value.Value);
            }

            return total;
        }
    }

    public void Add(long count, string tag = "", string detail = "")
    {
        if (count != 0)
        {
            Interlocked.Add(ref _values.GetOrAdd((tag, detail), static _ => new StrongBox<long>()).Value, count);
        }
    }

    public long Read(string tag = "", string detail = "") =>
        _values.TryGetValue((tag, detail), out var value) ? Interlocked.Read(ref value.Value) : 0;

    /// <summary>Over all details of a tag.</summary>
    public long SumOf(string tag) => _values.Where(value => value.Key.Tag == tag).Sum(value => Interlocked.Read(ref value.Value.Value));

    public override void CopyTo(List<MetricSample> samples, MetricLook look)
    {
        foreach (var ((tag, detail), value) in _values)
        {
            samples.Add(new MetricSample(Family.Name, tag, detail, Interlocked.Read(ref value.Value)));
        }
    }
}
