using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Pipeline.Core.Diagnostics;

/// <summary>A counter with up to two tags that can be read back in process, which a plain <see cref="Counter{T}"/> cannot.</summary>
internal sealed class TaggedCounter
{
    private readonly ConcurrentDictionary<(string Tag, string Detail), StrongBox<long>> _values = new();
    private readonly string _name;
    private readonly string _tagName;
    private readonly string _detailName;

    /// <param name="goesDown">What is counted comes and goes: the sum is how many there are now.</param>
    public TaggedCounter(
        Meter meter, string name, string unit, string description, string tagName = "", string detailName = "", bool goesDown = false)
    {
        Family = new MetricFamily(name, unit, description, tagName, detailName, !goesDown);
        _name = name;
        _tagName = tagName;
        _detailName = detailName;
        if (goesDown)
        {
            meter.CreateObservableUpDownCounter(name, Observe, unit, description);
        }
        else
        {
            meter.CreateObservableCounter(name, Observe, unit, description);
        }
    }

    public MetricFamily Family { get; }

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

    public void CopyTo(List<MetricSample> samples)
    {
        foreach (var ((tag, detail), value) in _values)
        {
            samples.Add(new MetricSample(_name, tag, detail, Interlocked.Read(ref value.Value)));
        }
    }

    private IEnumerable<Measurement<long>> Observe()
    {
        foreach (var ((tag, detail), value) in _values)
        {
            var tags = new List<KeyValuePair<string, object?>>(2);
            if (_tagName.Length > 0)
            {
                tags.Add(new(_tagName, tag));
            }

            if (_detailName.Length > 0)
            {
                tags.Add(new(_detailName, detail));
            }

            yield return new Measurement<long>(Interlocked.Read(ref value.Value), tags);
        }
    }
}
