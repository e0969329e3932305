using Microsoft.Extensions.Logging;

namespace Pipeline.Host.Collecting.Reloading;

/// <summary>
/// Tells when a file may have changed, once it has been quiet for a moment. Its folder is watched, not the file: editors write another
/// file and rename it, and what mounts configuration turns a link (<c>..data</c>) round. A file that is missing for a while is no change.
/// </summary>
internal sealed class TopologyWatch : IDisposable
{
    /// <summary>How long the file must have been quiet.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly Action _changed;
    private readonly TimeSpan _quiet;
    private readonly ILogger _log;
    private readonly ITimer _settled;
    private readonly ITimer _retry;
    private FileSystemWatcher? _watcher;
    private bool _isDisposed;
    private bool _hasWarned;

    /// <param name="path">Full path of the file.</param>
    /// <param name="changed">Called on another thread, never twice at once.</param>
    public TopologyWatch(string path, Action changed, TimeProvider time, ILogger log, TimeSpan? quiet = null)
    {
        _path = path;
        _changed = changed;
        _quiet = quiet ?? Quiet;
        _log = log;
        _settled = time.CreateTimer(_ => Settle(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _retry = time.CreateTimer(_ => Watch(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Watch();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _watcher?.Dispose();
            _settled.Dispose();
            _retry.Dispose();
        }
    }

    /// <summary>Begins to watch, or tries again later: a folder may be away for a while, and there are limits to how many are watched.</summary>
    private void Watch()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _watcher?.Dispose();
            try
            {
                _watcher = new FileSystemWatcher(Path.GetDirectoryName(_path)!)
                {
                    NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.CreationTime,
                };
                _watcher.Changed += (_, happened) => Note(happened.Name);
                _watcher.Created += (_, happened) => Note(happened.Name);
                _watcher.Deleted += (_, happened) => Note(happened.Name);
                _watcher.Renamed += (_, happened) => Note(happened.Name);
                _watcher.Error += (_, happened) => Lose(happened.GetException().Message);
                _watcher.EnableRaisingEvents = true;
                if (_hasWarned)
                {
                    // What happened in between was not seen.
                    _hasWarned = false;
                    _settled.Change(_quiet, Timeout.InfiniteTimeSpan);
                }
            }
            catch (Exception error) when (error is IOException or ArgumentException or UnauthorizedAccessException)
            {
                Lose(error.Message);
            }
        }
    }

    private void Note(string? name)
    {
        if (name is null || name == Path.GetFileName(_path) || name.StartsWith("..", StringComparison.Ordinal))
        {
            lock (_gate)
            {
                if (!_isDisposed)
                {
                    _settled.Change(_quiet, Timeout.InfiniteTimeSpan);
                }
            }
        }
    }

    private void Lose(string reason)
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            if (!_hasWarned)
            {
                CollectorLog.Unwatched(_log, reason);
            }

            _hasWarned = true;
            _retry.Change(RetryPause, Timeout.InfiniteTimeSpan);
        }
    }

    private void Settle()
    {
        if (File.Exists(_path))
        {
            _changed();
        }
    }
}
