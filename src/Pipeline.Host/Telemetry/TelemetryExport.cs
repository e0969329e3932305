using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Topology;
using Pipeline.SocketIo.Diagnostics;

namespace Pipeline.Host.Telemetry;

/// <summary>
/// Sends the figures of this process, and its traces, to an OTLP receiver. Nothing waits for it: figures are sent as they stand, traces wait
/// in a queue that drops when it is full, and a receiver that is away is said once and counted.
/// </summary>
internal sealed class TelemetryExport : IDisposable
{
    private const int MaxQueuedSpans = 2048;
    private const int MaxBatch = 512;
    private static readonly TimeSpan SpanDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(2);

    private readonly MeterProvider _meters;
    private readonly TracerProvider? _tracers;
    private readonly ExportWatch[] _watches;

    private TelemetryExport(MetricsOptions options, Uri receiver, string service, string instance, ILogger log)
    {
        var resource = ResourceBuilder.CreateDefault().AddService(service, serviceInstanceId: instance);
        var metrics = new ExportWatch("metrics", receiver, log);
        var traces = new ExportWatch("traces", receiver, log);
        _watches = [metrics, traces];
        _meters = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(PipelineMetrics.MeterName, SocketIoMetrics.MeterName)
            .AddReader(new PeriodicExportingMetricReader(
                new WatchedMetricExporter(OptionsFor(receiver, "v1/metrics"), metrics), Milliseconds(options.Interval), Milliseconds(Timeout)))
            .Build();
        if (options.TraceRatio > 0)
        {
            _tracers = Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(resource)
                .AddSource(PipelineTracing.SourceName)
                .AddProcessor(new BatchActivityExportProcessor(
                    new WatchedTraceExporter(OptionsFor(receiver, "v1/traces"), traces), MaxQueuedSpans, Milliseconds(SpanDelay), Milliseconds(Timeout), MaxBatch))
                .Build();
        }
    }

    /// <summary>Exports that failed, by what was to be sent.</summary>
    public IEnumerable<(string Signal, long Count)> Failures => _watches.Select(watch => (watch.Signal, watch.Failures));

    /// <summary>Null when the topology names no receiver.</summary>
    public static TelemetryExport? Start(MetricsOptions options, string service, string instance, ILoggerFactory loggers) =>
        options.Otlp is { } receiver ? new TelemetryExport(options, receiver, service, instance, loggers.CreateLogger("telemetry")) : null;

    /// <summary>Sends what there is, within two seconds, and ends.</summary>
    public void Dispose()
    {
        _tracers?.Shutdown(Milliseconds(EndTimeout));
        _meters.Shutdown(Milliseconds(EndTimeout));
        _tracers?.Dispose();
        _meters.Dispose();
    }

    private static OtlpExporterOptions OptionsFor(Uri receiver, string path) => new()
    {
        Endpoint = new Uri(receiver, path),
        Protocol = OtlpExportProtocol.HttpProtobuf,
        TimeoutMilliseconds = Milliseconds(Timeout),
    };

    private static int Milliseconds(TimeSpan time) => (int)time.TotalMilliseconds;
}
