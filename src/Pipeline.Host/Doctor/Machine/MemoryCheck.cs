using System.Globalization;

namespace Pipeline.Host.Doctor.Machine;

/// <summary>Memory that can be had here, by machine and by container, against what the stack may take.</summary>
/// <param name="available">Bytes; null = it cannot be found out.</param>
/// <param name="parts">What may take how much.</param>
internal sealed class MemoryCheck(Func<long?> available, IReadOnlyList<(string Part, long Bytes)> parts) : ICheck
{
    public string Name => "memory";

    public Task<Finding> RunAsync(CancellationToken cancellation) => Task.FromResult(Look());

    /// <summary>What the kernel says it could give out now, or less where a container's limit is nearer.</summary>
    public static long? Available() => Least(ReadMachine("/proc/meminfo"), ReadContainer("/sys/fs/cgroup"));

    internal static long? ReadMachine(string path)
    {
        var line = Lines(path).FirstOrDefault(one => one.StartsWith("MemAvailable:", StringComparison.Ordinal));
        return line is null ? null : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>What is left below the limit of control group version 2; null = there is none.</summary>
    internal static long? ReadContainer(string folder)
    {
        var most = Lines(Path.Combine(folder, "memory.max")).FirstOrDefault();
        var used = Lines(Path.Combine(folder, "memory.current")).FirstOrDefault();
        return long.TryParse(most, CultureInfo.InvariantCulture, out var limit) && long.TryParse(used, CultureInfo.InvariantCulture, out var taken)
            ? Math.Max(0, limit - taken)
            : null;
    }

    private static long? Least(long? one, long? other) => one is null ? other : other is null ? one : Math.Min(one.Value, other.Value);

    private static string[] Lines(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllLines(path) : [];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private Finding Look()
    {
        if (available() is not { } free)
        {
            return Finding.Skip("this system does not say how much memory is available");
        }

        var needed = parts.Sum(part => part.Bytes);
        var state = $"{DiskCheck.Size(free)} available; the stack may take {DiskCheck.Size(needed)} "
            + $"({string.Join(", ", parts.Select(part => $"{part.Part} {DiskCheck.Size(part.Bytes)}"))})";
        return free < needed / 4 ? Finding.Fail(state, Advice) : free < needed ? Finding.Warn(state, Advice) : Finding.Ok(state);
    }

    private const string Advice = "end other programs, raise the container's limit, take fewer instruments, or lower gateway.memoryLimit";
}
