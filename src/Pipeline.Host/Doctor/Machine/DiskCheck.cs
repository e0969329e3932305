using System.Globalization;

namespace Pipeline.Host.Doctor.Machine;

/// <summary>A folder that something is kept in: whether it can be written, and has room for as much as may be kept.</summary>
/// <param name="what">What is kept there.</param>
/// <param name="key">Key of the topology that names the folder.</param>
/// <param name="folder">Need not be there yet.</param>
/// <param name="keep">Bytes that it may come to hold, and the key that says so.</param>
/// <param name="freeIn">Free bytes where a folder lies.</param>
internal sealed class DiskCheck(string what, string key, string folder, (long Bytes, string Key) keep, Func<string, long> freeIn) : ICheck
{
    /// <summary>With less than this nothing should be begun.</summary>
    private const long Least = 256L << 20;

    public string Name => $"disk {what}";

    public string OverdueAdvice => $"a disk that does not answer in seconds can hold nothing: look at {folder}, or name another folder under {key}";

    // On a dead network disk these calls block.
    public Task<Finding> RunAsync(CancellationToken cancellation) =>
        Task.Factory.StartNew(Look, cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public static string Size(long bytes) => bytes >= 1L << 30
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.0} GiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):0} MiB");

    private Finding Look()
    {
        var there = Nearest(Path.GetFullPath(folder));
        try
        {
            using var probe = new FileStream(
                Path.Combine(there, $".pipeline-doctor-{Environment.ProcessId}-{what}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Finding.Fail($"{there} cannot be written: {fault.Message}", $"give this user the right to write there, or name another folder under {key}");
        }

        var free = freeIn(there);
        var missing = Math.Max(0, keep.Bytes - Held(folder));
        var state = $"{Size(free)} free in {there}; {what} may take {Size(missing)} more ({keep.Key})";
        return free < Least ? Finding.Fail(state, $"make room, or name another folder under {key}")
            : free < missing ? Finding.Warn(state, $"make room, lower {keep.Key}, or name another folder under {key}")
            : Finding.Ok(state);
    }

    private static string Nearest(string folder)
    {
        var at = folder;
        while (!Directory.Exists(at) && Path.GetDirectoryName(at) is { } above)
        {
            at = above;
        }

        return at;
    }

    private static long Held(string folder) =>
        Directory.Exists(folder) ? new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length) : 0;
}
