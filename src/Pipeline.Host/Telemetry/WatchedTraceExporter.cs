using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;

namespace Pipeline.Host.Telemetry;

/// <summary>OTLP for traces, with its failures counted.</summary>
internal sealed class WatchedTraceExporter(OtlpExporterOptions options, ExportWatch watch) : OtlpTraceExporter(options)
{
    public override ExportResult Export(in Batch<Activity> batch) => watch.Note(base.Export(in batch));
}
