namespace Pipeline.Core.Diagnostics;

/// <content>The process itself.</content>
public sealed partial class PipelineMetrics
{
    private ProcessFigures? _process;

    /// <summary>Registers the process; without it nothing is told of it.</summary>
    public void AddProcess(ProcessFigures process) => _process = process;

    private void WatchProcess(MetricSet set)
    {
        Watch("process.resident_memory", "By", "Working set of the process", process => process.Memory);
        Watch("pipeline.memory_limit", "By", "Memory the process may use", process => process.MemoryLimit);
        Watch("process.cpu", "us", "Processor time used", _ => ProcessFigures.CpuTime, isCounter: true);
        Watch("process.open_fds", "{file}", "Files and sockets open", _ => ProcessFigures.OpenFiles);
        Watch("process.max_fds", "{file}", "Files and sockets that may be open", process => process.MaxFiles);
        Watch("pipeline.uptime", "us", "Age of the process' work", process => process.Uptime);
        set.Watch(
            "pipeline.build_info", "{build}", "Always 1; the version is in the label",
            () => _process is { } process ? [(process.Version, "", 1L)] : [], "version");

        set.Watch(
            "pipeline.export.failures", "{export}", "Exports of figures and traces that failed",
            () => _process?.ReadExportFailures().Select(one => (one.Signal, "", one.Count)) ?? [], "signal", isCounter: true);

        void Watch(string name, string unit, string description, Func<ProcessFigures, long> figure, bool isCounter = false) => set.Watch(
            name, unit, description, () => _process is { } process && figure(process) is var value and >= 0 ? [("", "", value)] : [], isCounter: isCounter);
    }
}
