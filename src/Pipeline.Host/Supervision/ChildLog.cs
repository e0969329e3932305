using System.Text;

namespace Pipeline.Host.Supervision;

/// <summary>
/// Writes what a child prints into its file, and keeps the last lines at hand. The file before it stays as <c>.1</c>. A file that
/// cannot be written never stops the reading: a child whose pipe is full stands still.
/// </summary>
internal sealed class ChildLog : IDisposable
{
    private const int TailLines = 5;
    private const long MaxBytes = 16 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<string> _tail = new();
    private readonly Action<string> _trouble;
    private StreamWriter? _file;
    private bool _isClosed;
    private int _missing;

    /// <param name="trouble">Told once when the file cannot be written, and again only after it could be in between.</param>
    public ChildLog(string path, Action<string> trouble)
    {
        Path = path;
        _trouble = trouble;
        Rotate();
    }

    public string Path { get; }

    /// <summary>The last lines since the last <see cref="ForgetTail"/>.</summary>
    public IReadOnlyList<string> Tail
    {
        get
        {
            lock (_gate)
            {
                return [.. _tail];
            }
        }
    }

    public void ForgetTail()
    {
        lock (_gate)
        {
            _tail.Clear();
        }
    }

    /// <summary>Copies lines until the child closes its end.</summary>
    public async Task PumpAsync(StreamReader from)
    {
        try
        {
            while (await from.ReadLineAsync() is { } line)
            {
                Write(line);
            }
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException)
        {
            // The child's end is gone, or ours was closed: no more lines.
        }
    }

    public void Write(string line)
    {
        string? trouble;
        lock (_gate)
        {
            if (_tail.Count == TailLines)
            {
                _tail.Dequeue();
            }

            _tail.Enqueue(line);
            trouble = TryKeep(line);
        }

        if (trouble is not null)
        {
            _trouble(trouble);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            Close();
        }
    }

    /// <summary>Null, or what to tell.</summary>
    private string? TryKeep(string line)
    {
        if (_isClosed)
        {
            return null;
        }

        try
        {
            Keep(line);
            return null;
        }
        catch (Exception fault) when (IsOfTheFile(fault))
        {
            return ++_missing == 1 ? $"{Path} cannot be written, lines are missing there: {fault.Message}" : null;
        }
    }

    private void Keep(string line)
    {
        _file ??= Open();
        if (_file.BaseStream.Length > MaxBytes)
        {
            Rotate();
        }

        if (_missing > 0)
        {
            _file.WriteLine($"[lines missing here, as this file could not be written: {_missing}]");
            _missing = 0;
        }

        _file.WriteLine(line);
    }

    private void Rotate()
    {
        Close();
        if (File.Exists(Path))
        {
            File.Move(Path, Path + ".1", overwrite: true);
        }

        _file = Open();
    }

    // Starts anew, also where the file before could not be moved away: the size stays bounded. Readable by others while it is written;
    // without a buffer of its own, so that a line that cannot be written now is not tried again later.
    private StreamWriter Open() => new(
        new FileStream(Path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0), new UTF8Encoding(false))
    {
        AutoFlush = true,
    };

    private void Close()
    {
        try
        {
            _file?.Dispose();
        }
        catch (Exception fault) when (IsOfTheFile(fault))
        {
            // The rest of a line that could not be written either.
        }

        _file = null;
    }

    private static bool IsOfTheFile(Exception fault) => fault is IOException or UnauthorizedAccessException;
}
