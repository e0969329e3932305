using System.Runtime.CompilerServices;

namespace Pipeline.Core.Feeds.Transport;

/// <summary>
/// Lies between <see cref="System.Net.WebSockets.ClientWebSocket"/> and the decrypted connection and turns received text frames into
/// binary ones. A text frame with invalid UTF-8 fails the whole connection by RFC 6455 §8.1, a thousand streams with it; as a binary
/// frame it reaches the parser, which dead-letters it alone.
/// </summary>
internal sealed class BinaryFrameStream(Stream inner) : Stream
{
    private FrameOpcodeRewriter _rewriter;
    private long _frameBytes;

    /// <summary>Bytes of frames received so far, headers included. May be read at any time.</summary>
    public long FrameBytes => Volatile.Read(ref _frameBytes);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var count = inner.Read(buffer);
        Process(buffer[..count]);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = inner.ReadAsync(buffer, cancellationToken);
        if (!read.IsCompletedSuccessfully)
        {
            return AwaitAsync(read, buffer);
        }

        var count = read.Result;
        Process(buffer.Span[..count]);
        return ValueTask.FromResult(count);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(ReadOnlySpan<byte> buffer) => inner.Write(buffer);

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.WriteAsync(buffer, offset, count, cancellationToken);

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Process(Span<byte> bytes)
    {
        _rewriter.Process(bytes);
        Volatile.Write(ref _frameBytes, _rewriter.FrameBytes);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> AwaitAsync(ValueTask<int> read, Memory<byte> buffer)
    {
        var count = await read;
        Process(buffer.Span[..count]);
        return count;
    }
}
