using System.Diagnostics;

namespace Pipeline.Core.Diagnostics;

/// <summary>The source of our traces; without a listener nothing is traced, whatever the ratio.</summary>
public static class PipelineTracing
{
    public const string SourceName = "Pipeline";

    /// <summary>Kafka record header that carries a trace on, as the W3C writes it.</summary>
    public const string TraceParent = "traceparent";

    public static readonly ActivitySource Source = new(SourceName);

    /// <summary>
    /// Begins a span that is nobody's surroundings: what else this thread does does not belong to it. Null when nobody listens, or the
    /// listener does not want it.
    /// </summary>
    /// <param name="age">For how long it has been going on already.</param>
    public static Activity? Begin(string name, ActivityKind kind, ActivityContext parent, TimeSpan age)
    {
        var around = Activity.Current;
        Activity.Current = null;
        try
        {
            var span = Source.StartActivity(name, kind, parent);
            return span?.SetStartTime(span.StartTimeUtc - (age > TimeSpan.Zero ? age : TimeSpan.Zero));
        }
        finally
        {
            Activity.Current = around;
        }
    }
}
