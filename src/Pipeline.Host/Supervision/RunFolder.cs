using System.Globalization;
using System.Text.Json;

namespace Pipeline.Host.Supervision;

/// <summary>
/// The folder <c>artifacts/run</c>: logs, <c>up.pid</c>, <c>up.json</c>. Whether an <c>up</c> runs is decided by a lock on
/// <c>up.lock</c>, which the system frees however the process ends: a pid file alone outlives its process.
/// </summary>
internal sealed class RunFolder(string path)
{
    private static readonly JsonSerializerOptions Layout = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly Lock _gate = new();

    public string Path => path;

    /// <summary>What a detached <c>up</c> itself prints.</summary>
    public string LogPath => System.IO.Path.Combine(path, "up.log");

    private string LockPath => System.IO.Path.Combine(path, "up.lock");

    private string PidPath => System.IO.Path.Combine(path, "up.pid");

    private string RecordPath => System.IO.Path.Combine(path, "up.json");

    /// <summary>Takes the lock for as long as the result is not disposed; null when another <c>up</c> has it.</summary>
    public IDisposable? TryLock()
    {
        Directory.CreateDirectory(path);
        try
        {
            return new FileStream(LockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public bool IsRunning()
    {
        using var free = TryLock();
        return free is null;
    }

    /// <summary>The running process; null while it is just starting or when there is none.</summary>
    public int? ReadPid() => File.Exists(PidPath)
        && int.TryParse(File.ReadAllText(PidPath), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : null;

    public RunRecord? Read()
    {
        try
        {
            return JsonSerializer.Deserialize<RunRecord>(File.ReadAllText(RecordPath), Layout);
        }
        catch (Exception fault) when (fault is IOException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Replaces the record at once, so that a reader never sees half of it.</summary>
    public void Write(RunRecord record)
    {
        lock (_gate)
        {
            File.WriteAllText(PidPath, record.Pid.ToString(CultureInfo.InvariantCulture));
            File.WriteAllText(RecordPath + ".new", JsonSerializer.Serialize(record, Layout));
            File.Move(RecordPath + ".new", RecordPath, overwrite: true);
        }
    }

    public void Clear()
    {
        File.Delete(PidPath);
        File.Delete(RecordPath);
    }
}
