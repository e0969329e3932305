namespace Pipeline.Core.Topology.Keys;

internal static class MetricsKeys
{
    public static Section<MetricsOptions> Make() =>
        new Section<MetricsOptions>(() => new MetricsOptions())
            .Key("otlp", new AddressShape("http", "https"), _ => null, (o, v) => o with { Otlp = v },
                "OTLP receiver (HTTP with Protobuf, usually port 4318) that gets all figures and traces. Left out: nothing is sent; /metrics is there all the same.")
            .Key("interval", new DurationShape(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)), o => o.Interval, (o, v) => o with { Interval = v },
                "How often figures are sent to otlp.")
            .Key("traceRatio", new RealShape(0, 1), o => o.TraceRatio, (o, v) => o with { TraceRatio = v },
                "Part of the batches whose way is traced, from arrival over Kafka (header traceparent) to the clients. 0: none.")
            .Rule(["otlp", "traceRatio"], TracesGoSomewhere);

    private static IEnumerable<Breach> TracesGoSomewhere(MetricsOptions metrics)
    {
        if (metrics.TraceRatio > 0 && metrics.Otlp is null)
        {
            yield return new Breach("traceRatio", "traces go nowhere", "add metrics.otlp, or leave traceRatio out");
        }
    }
}
