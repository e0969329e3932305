using System.Diagnostics.Metrics;

namespace Pipeline.Core.Diagnostics;

/// <content>What is read when somebody looks, instead of being counted.</content>
public sealed partial class PipelineMetrics
{
    private static readonly MetricFamily[] Gauges =
    [
        new("pipeline.feed.lag", "us", "Age of events on arrival: the least of ten minutes, and of the newest batch", "venue", "of", IsCounter: false),
        new("pipeline.feed.wire_rate", "By/s", "Bytes a second on the wire, over the last ten seconds", "venue", "", IsCounter: false),
        new("pipeline.legs.wins", "{trade}", "Trades of which a leg brought the first copy", "venue", "leg", IsCounter: true),
        new("pipeline.legs.losses", "{trade}", "Trades a leg never brought while another was open", "venue", "leg", IsCounter: true),
        new("pipeline.legs.lead_p50", "us", "How far a leg's first copies were ahead, median", "venue", "leg", IsCounter: false),
        new("pipeline.legs.lead_p99", "us", "How far a leg's first copies were ahead, 99 %", "venue", "leg", IsCounter: false),
        new("pipeline.rest.weight_used", "{weight}", "Weight used of a venue's request budget", "venue", "budget", IsCounter: false),
        new("pipeline.rest.weight_limit", "{weight}", "Weight a venue's request budget allows", "venue", "budget", IsCounter: false),
        new("pipeline.gateway.records", "{record}", "Records taken from Kafka", "", "", IsCounter: true),
        new("pipeline.gateway.stale_records", "{record}", "Records of a writer that was taken over from, left out", "", "", IsCounter: true),
        new("pipeline.gateway.malformed_records", "{record}", "Records that are not understood, left out", "", "", IsCounter: true),
        new("pipeline.gateway.deliveries", "{message}", "Messages handed to clients' outboxes", "", "", IsCounter: true),
        new("pipeline.gateway.messages", "{message}", "Messages sent to clients", "", "", IsCounter: true),
        new("pipeline.gateway.sent", "By", "Bytes sent to clients", "", "", IsCounter: true),
        new("pipeline.gateway.conflated", "{message}", "Waiting messages that a newer one replaced", "", "", IsCounter: true),
        new("pipeline.gateway.dropped", "{message}", "Waiting messages let go", "", "", IsCounter: true),
        new("pipeline.gateway.waiting_bytes", "By", "Bytes that wait for clients", "", "", IsCounter: false),
    ];

    private void MakeGauges()
    {
        _meter.CreateObservableGauge("pipeline.queue.length", ObserveQueues, "{item}", "Items waiting in a bounded queue");
        _meter.CreateObservableGauge(
            "pipeline.feed.wire_rate", ObserveTraffic, "By/s", "Bytes a second on the wire, over the last ten seconds");
        _meter.CreateObservableGauge(
            "pipeline.feed.lag", ObserveLags, "us", "Age of events on arrival: the least of ten minutes, and of the newest batch");
        foreach (var family in Gauges.Where(one => one.Name.StartsWith("pipeline.gateway.", StringComparison.Ordinal)))
        {
            if (family.IsCounter)
            {
                _meter.CreateObservableCounter(family.Name, () => ObserveGateway(family.Name), family.Unit, family.Description);
            }
            else
            {
                _meter.CreateObservableGauge(family.Name, () => ObserveGateway(family.Name), family.Unit, family.Description);
            }
        }

        _meter.CreateObservableGauge("pipeline.rest.weight_used", ObserveBudgets, "{weight}", "Weight used of a venue's request budget");
    }

    private void CopyGauges(List<MetricSample> samples)
    {
        foreach (var (venue, rate) in _traffic)
        {
            samples.Add(new MetricSample("pipeline.feed.wire_rate", venue, "", rate()));
        }

        _legs.CopyTo(samples);
        if (_gatewayTotals is { } totals)
        {
            samples.AddRange(SamplesOf(totals()));
        }

        foreach (var (venue, lag) in _lags)
        {
            samples.Add(new MetricSample("pipeline.feed.lag", venue, "usual", lag.Usual()));
            samples.Add(new MetricSample("pipeline.feed.lag", venue, "newest", lag.Newest()));
        }

        foreach (var ((venue, name), budget) in _budgets)
        {
            samples.Add(new MetricSample("pipeline.rest.weight_used", venue, name, budget.Used()));
            samples.Add(new MetricSample("pipeline.rest.weight_limit", venue, name, budget.Limit));
        }
    }

    private IEnumerable<Measurement<long>> ObserveGateway(string name)
    {
        if (_gatewayTotals is { } totals)
        {
            yield return new Measurement<long>(SamplesOf(totals()).First(sample => sample.Name == name).Value);
        }
    }

    private IEnumerable<Measurement<long>> ObserveTraffic()
    {
        foreach (var (venue, rate) in _traffic)
        {
            yield return new Measurement<long>(rate(), new KeyValuePair<string, object?>("venue", venue));
        }
    }

    private IEnumerable<Measurement<long>> ObserveLags()
    {
        foreach (var (name, lag) in _lags)
        {
            var venue = new KeyValuePair<string, object?>("venue", name);
            yield return new Measurement<long>(lag.Usual(), venue, new KeyValuePair<string, object?>("of", "usual"));
            yield return new Measurement<long>(lag.Newest(), venue, new KeyValuePair<string, object?>("of", "newest"));
        }
    }

    private IEnumerable<Measurement<long>> ObserveBudgets()
    {
        foreach (var ((venue, name), budget) in _budgets)
        {
            yield return new Measurement<long>(
                budget.Used(), new KeyValuePair<string, object?>("venue", venue), new KeyValuePair<string, object?>("budget", name));
        }
    }

    private IEnumerable<Measurement<long>> ObserveQueues()
    {
        foreach (var queue in _queues.Values)
        {
            yield return new Measurement<long>(queue.Length(), new KeyValuePair<string, object?>("queue", queue.Name));
        }
    }
}
