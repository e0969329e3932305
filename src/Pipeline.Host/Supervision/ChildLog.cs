using System.Text;

namespace Pipeline.Host.Supervision;

/// <summary>Writes what a child prints into its file, and keeps the last lines at hand. The file before it stays as <c>.1</c>.</summary>
internal sealed class ChildLog : IDisposable
{
    private const int TailLines = 15;
    private const long MaxBytes = 16 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<string> _tail = new();
    private StreamWriter? _file;

    public ChildLog(string path)
    {
        Path = path;
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
        lock (_gate)
        {
            if (_tail.Count == TailLines)
            {
                _tail.Dequeue();
            }

            _tail.Enqueue(line);
            _file?.WriteLine(line);
            if (_file?.BaseStream.Length > MaxBytes)
            {
                Rotate();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    private void Rotate()
    {
        _file?.Dispose();
        if (File.Exists(Path))
        {
            File.Move(Path, Path + ".1", overwrite: true);
        }

        // Readable by others while it is written.
        _file = new StreamWriter(new FileStream(Path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite), new UTF8Encoding(false))
        {
            AutoFlush = true,
        };
    }
}
