using System.IO.Compression;

namespace Pipeline.Core.Recordings;

/// <summary>Reads a recording of our own, one block in memory at a time. A tail that is torn ends it, and is said.</summary>
public sealed class Recording : IRecording
{
    private readonly Stream _file;
    private readonly RecordedBatch _batch = new();
    private readonly BlockScanner _scanner = new();
    private readonly byte[] _head = new byte[BlockHead.Size];
    private byte[] _packed = [];
    private byte[] _raw = [];
    private long _blockAt;
    private bool _hasEnded;
    private bool _isComplete;

    /// <param name="file">Closed with this.</param>
    /// <exception cref="RecordingException">It is no recording, or not one this program reads.</exception>
    public Recording(Stream file)
    {
        ArgumentNullException.ThrowIfNull(file);
        _file = file;
        Length = file.Length;
        if (ReadBlock() is not { Kind: BlockHead.Header } head)
        {
            throw new RecordingException($"this is no recording: {Damage ?? "it does not begin with a header"}");
        }

        Header = RecordingHeader.Parse(_raw.AsSpan(0, head.Raw));
    }

    public RecordingHeader Header { get; }

    public long Position => _file.Position;

    public long Length { get; }

    public string? Damage { get; private set; }

    /// <summary>Opens a file: a recording of our own, or <c>NAME.jsonl.gz</c> with <c>NAME.recv.gz</c> beside it.</summary>
    /// <param name="name">A path, or a name in the recordings folder.</param>
    /// <exception cref="IOException">There is no such recording, or it is none.</exception>
    public static IRecording Open(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return File.Exists(name) && !name.EndsWith(RecordingFiles.FramesSuffix, StringComparison.Ordinal)
            ? new Recording(File.OpenRead(name))
            : new LineRecording(RecordingFiles.Find(name));
    }

    /// <inheritdoc/>
    public RecordedBatch? Read()
    {
        while (!_hasEnded)
        {
            try
            {
                if (_scanner.TryRead(_batch))
                {
                    return _batch;
                }
            }
            catch (InvalidDataException error)
            {
                return Stop($"the block at byte {_blockAt} holds {error.Message} at its byte {_scanner.At}");
            }

            Next();
        }

        return null;
    }

    public void Dispose() => _file.Dispose();

    private void Next()
    {
        switch (ReadBlock())
        {
            case { Kind: BlockHead.Frames } head:
                _scanner.Begin(_raw, head.Raw);
                break;
            case { Kind: BlockHead.End }:
                (_hasEnded, _isComplete) = (true, true);
                break;
            case { Kind: BlockHead.Header }:
                Stop($"a second header stands at byte {_blockAt}");
                break;
        }
    }

    /// <summary>The block's content is in <see cref="_raw"/>; null when there is none, or it is damaged.</summary>
    private BlockHead? ReadBlock()
    {
        _blockAt = _file.Position;
        var read = _file.ReadAtLeast(_head, _head.Length, throwOnEndOfStream: false);
        if (read < _head.Length)
        {
            Stop(read == 0 ? "the recording was not ended" : $"it is torn at byte {_blockAt}, within the head of a block");
            return null;
        }

        if (BlockHead.Read(_head) is not { } head)
        {
            Stop($"there is no block at byte {_blockAt}");
            return null;
        }

        // Before memory is asked for: a length that the file does not have is a torn tail or made up.
        if (head.Packed > Length - _file.Position)
        {
            Stop($"it is torn at byte {_blockAt}: the block there is cut off");
            return null;
        }

        Grow(ref _packed, head.Packed);
        _file.ReadExactly(_packed, 0, head.Packed);
        if (!Unpack(head))
        {
            Stop($"the block at byte {_blockAt} is damaged");
            return null;
        }

        return head;
    }

    private bool Unpack(BlockHead head)
    {
        try
        {
            // Grows with what is really there, not with what the head says.
            using var gzip = new GZipStream(new MemoryStream(_packed, 0, head.Packed), CompressionMode.Decompress);
            var length = 0;
            while (true)
            {
                Grow(ref _raw, Math.Min(head.Raw, Math.Max(64 * 1024, length * 2)));
                var room = Math.Min(_raw.Length, head.Raw) - length;
                var read = room == 0 ? gzip.ReadByte() + 1 : gzip.Read(_raw, length, room);
                if (read == 0 || room == 0)
                {
                    return length == head.Raw && read == 0;
                }

                length += read;
            }
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static void Grow(ref byte[] buffer, int size)
    {
        if (buffer.Length < size)
        {
            Array.Resize(ref buffer, size);
        }
    }

    private RecordedBatch? Stop(string damage)
    {
        _hasEnded = true;
        Damage = _isComplete ? null : damage;
        return null;
    }
}
