using System.Globalization;
using System.Reflection;

namespace Pipeline.Core.Diagnostics;

/// <summary>What this process uses of the machine, read when somebody looks. A figure that cannot be had here is -1.</summary>
public sealed class ProcessFigures(TimeProvider time)
{
    private const string Unlimited = "unlimited";

    private readonly long _started = time.GetTimestamp();

    /// <summary>Reads the working set, bytes.</summary>
    public Func<long> ReadMemory { get; init; } = static () => Environment.WorkingSet;

    /// <summary>Bytes; the runtime's own limit, which knows of containers, unless another is set.</summary>
    public long MemoryLimit { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Exports of figures and traces that failed, by what was to be sent.</summary>
    public Func<IEnumerable<(string Signal, long Count)>> ReadExportFailures { get; init; } = static () => [];

    public long Memory => ReadMemory();

    /// <summary>Microseconds of all processors together.</summary>
    public static long CpuTime => Environment.CpuUsage.TotalTime.Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Microseconds.</summary>
    public long Uptime => time.GetElapsedTime(_started).Ticks / TimeSpan.TicksPerMicrosecond;

    public static long OpenFiles => Try(static () => Directory.GetFiles("/proc/self/fd").Length);

    public long MaxFiles { get; } = Try(static () =>
    {
        var line = File.ReadLines("/proc/self/limits").First(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        var soft = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
        return soft == Unlimited ? -1 : long.Parse(soft, CultureInfo.InvariantCulture);
    });

    public string Version { get; } =
        typeof(ProcessFigures).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Other systems have no such files.</summary>
    private static long Try(Func<long> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidOperationException or FormatException)
        {
            return -1;
        }
    }
}
