using System.IO.Compression;

namespace Pipeline.Core.Recordings;

/// <summary>
/// Writes one recording: its header, then blocks of frames, then an end that says it is complete. Each block is a gzip member of its
/// own behind its lengths, so that a file that was cut off is good up to its last whole block. For one thread.
/// </summary>
public sealed class RecordingFile : IRecordingTarget
{
    private readonly Stream _file;
    private readonly MemoryStream _packed = new();
    private readonly byte[] _head = new byte[BlockHead.Size];

    /// <param name="file">Closed with this.</param>
    public RecordingFile(Stream file, RecordingHeader header)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(header);
        _file = file;
        Write(BlockHead.Header, header.ToBytes());
        _file.Flush();
    }

    /// <summary>Bytes in the file.</summary>
    public long Written { get; private set; }

    public long Frames { get; private set; }

    /// <summary>Writes the block through to the operating system; it may be used again.</summary>
    public ValueTask WriteAsync(RecordingBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        Write(BlockHead.Frames, block.Bytes);
        Frames += block.Frames;
        _file.Flush();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<bool> TryTellAsync() => ValueTask.FromResult(false);

    /// <summary>The recording is complete.</summary>
    public ValueTask EndAsync()
    {
        Write(BlockHead.End, BitConverter.GetBytes(Frames));
        _file.Flush();
        return ValueTask.CompletedTask;
    }

    public void Dispose() => _file.Dispose();

    private void Write(byte kind, ReadOnlySpan<byte> raw)
    {
        _packed.SetLength(0);
        using (var gzip = new GZipStream(_packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(raw);
        }

        var packed = _packed.GetBuffer().AsSpan(0, (int)_packed.Length);
        new BlockHead(kind, raw.Length, packed.Length).Write(_head);
        _file.Write(_head);
        _file.Write(packed);
        Written += _head.Length + packed.Length;
    }
}
