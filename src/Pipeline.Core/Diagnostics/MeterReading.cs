using System.Diagnostics.Metrics;
using System.Globalization;

namespace Pipeline.Core.Diagnostics;

/// <summary>The observable instruments of one meter as a <see cref="MeterListener"/> reads them, once.</summary>
internal static class MeterReading
{
    /// <summary>Each instrument with what it said; in the order in which they were made.</summary>
    public static IReadOnlyList<(MetricFamily Family, IReadOnlyList<(double Value, (string Name, string Value)[] Labels)> Samples)> Of(Meter meter)
    {
        ArgumentNullException.ThrowIfNull(meter);
        var read = new List<(MetricFamily, IReadOnlyList<(double, (string, string)[])>)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, one) =>
        {
            if (ReferenceEquals(instrument.Meter, meter) && instrument.IsObservable)
            {
                var samples = new List<(double, (string, string)[])>();
                read.Add((FamilyOf(instrument), samples));
                one.EnableMeasurementEvents(instrument, samples);
            }
        };
        listener.SetMeasurementEventCallback<long>(static (_, value, tags, samples) => Take(value, tags, samples));
        listener.SetMeasurementEventCallback<int>(static (_, value, tags, samples) => Take(value, tags, samples));
        listener.SetMeasurementEventCallback<double>(static (_, value, tags, samples) => Take(value, tags, samples));
        listener.Start();
        listener.RecordObservableInstruments();
        return read;
    }

    private static MetricFamily FamilyOf(Instrument instrument) => new(
        instrument.Name, instrument.Unit ?? "", instrument.Description ?? instrument.Name, "", "",
        instrument is ObservableCounter<long> or ObservableCounter<int> or ObservableCounter<double>);

    private static void Take(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? samples)
    {
        var labels = new (string, string)[tags.Length];
        for (var i = 0; i < tags.Length; i++)
        {
            labels[i] = (tags[i].Key.Replace('.', '_'), Convert.ToString(tags[i].Value, CultureInfo.InvariantCulture) ?? "");
        }

        ((List<(double, (string, string)[])>)samples!).Add((value, labels));
    }
}
