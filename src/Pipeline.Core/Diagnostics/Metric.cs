using System.Diagnostics.Metrics;

namespace Pipeline.Core.Diagnostics;

/// <summary>A figure under a meter: what it is, and what it is now.</summary>
internal abstract class Metric(MetricFamily family)
{
    public MetricFamily Family => family;

    /// <summary>The values that there are, as they stand.</summary>
    public abstract void CopyTo(List<MetricSample> samples, MetricLook look);

    /// <summary>Puts it on the meter, where it is read when somebody listens. Times are seconds there, whatever they are counted in.</summary>
    protected void Publish(Meter meter, bool goesDown = false)
    {
        if (family.PerSecond is { } perSecond)
        {
            Publish(meter, () => Observe(value => (double)value / perSecond), "s", goesDown);
        }
        else
        {
            Publish(meter, () => Observe(static value => value), family.Unit, goesDown);
        }
    }

    private void Publish<T>(Meter meter, Func<IEnumerable<Measurement<T>>> observe, string unit, bool goesDown)
        where T : struct
    {
        if (goesDown)
        {
            meter.CreateObservableUpDownCounter(family.Name, observe, unit, family.Description);
        }
        else if (family.IsCounter)
        {
            meter.CreateObservableCounter(family.Name, observe, unit, family.Description);
        }
        else
        {
            meter.CreateObservableGauge(family.Name, observe, unit, family.Description);
        }
    }

    private IEnumerable<Measurement<T>> Observe<T>(Func<long, T> convert)
        where T : struct
    {
        var samples = new List<MetricSample>();
        CopyTo(samples, new MetricLook());
        return samples.Select(sample => new Measurement<T>(convert(sample.Value), family.TagsOf(sample.Tag, sample.Detail)));
    }
}
