using System.Diagnostics;
using System.Globalization;

namespace Pipeline.Benchmarks;

/// <summary>What a piece of work cost this process: CPU of all threads, wall time and managed allocation.</summary>
internal readonly record struct Measurement(long Messages, TimeSpan Cpu, TimeSpan Wall, long Allocated)
{
    public double NanosecondsPerMessage => Cpu.TotalNanoseconds / Messages;

    public double MessagesPerCpuSecond => Messages / Cpu.TotalSeconds;

    public double BytesPerMessage => (double)Allocated / Messages;

    public static Measurement Of(long messages, Action work)
    {
        GC.Collect();
        var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var clock = Stopwatch.StartNew();

        // Innermost: asking for the CPU time allocates some kilobytes of its own.
        var before = GC.GetTotalAllocatedBytes(precise: true);
        work();
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        var wall = clock.Elapsed;
        process.Refresh();
        return new Measurement(messages, process.TotalProcessorTime - cpu, wall, allocated);
    }

    public static Measurement Median(IEnumerable<Measurement> rounds)
    {
        var ordered = rounds.OrderBy(round => round.NanosecondsPerMessage).ToList();
        return ordered[ordered.Count / 2];
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{NanosecondsPerMessage,9:F1} ns CPU/msg {MessagesPerCpuSecond / 1e6,8:F3} M msg/CPU-s {BytesPerMessage,9:F2} B/msg {Wall.TotalSeconds,7:F2} s");
}
