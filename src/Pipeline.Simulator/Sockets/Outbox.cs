using System.Buffers;

namespace Pipeline.Simulator.Sockets;

/// <summary>
/// The unsent bytes of one connection, in pooled segments: whatever is appended between two socket writes leaves in one. Producers
/// never wait; the bound is a limit at which the caller cuts the connection.
/// </summary>
internal sealed class Outbox(long limit) : IDisposable
{
    // Below the large object heap, and what a socket takes at once.
    private const int SegmentSize = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private Queue<OutboxSegment> _segments = new();
    private Queue<OutboxSegment> _taken = new();
    private OutboxSegment? _last;
    private long _unsent;
    private bool _signalled;
    private bool _completed;
    private TaskCompletionSource? _drained;
    private long _drainedAt;

    /// <summary>Bytes appended and not yet taken by the socket.</summary>
    public long UnsentBytes => Interlocked.Read(ref _unsent);

    /// <summary>Appends a frame; it is sent at the next <see cref="Wake"/>.</summary>
    public OutboxResult Append(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            if (_completed)
            {
                return OutboxResult.Closed;
            }

            if (_unsent + header.Length + payload.Length > limit)
            {
                _completed = true;
                return OutboxResult.Overflow;
            }

            Copy(header);
            Copy(payload);
            _last!.Frames++;
            return OutboxResult.Queued;
        }
    }

    /// <summary>Appends the last frame there will be and sends what there is.</summary>
    public OutboxResult AppendLast(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            var result = Append(header, payload);
            _completed = true;
            Signal();
            return result;
        }
    }

    /// <summary>Nothing more will come; the writer ends when all is sent.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _completed = true;
            Signal();
        }
    }

    /// <summary>Lets the writer send what was appended.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            Signal();
        }
    }

    /// <summary>Waits for bytes and takes all there are; null when there will be no more.</summary>
    public async ValueTask<Queue<OutboxSegment>?> TakeAsync(CancellationToken cancellation)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_segments.Count > 0)
                {
                    // The queue handed out last has been emptied by the writer: two take turns.
                    (_segments, _taken) = (_taken, _segments);
                    _last = null;
                    return _taken;
                }

                if (_completed)
                {
                    return null;
                }
            }

            await _wake.WaitAsync(cancellation);
            lock (_gate)
            {
                _signalled = false;
            }
        }
    }

    /// <summary>The socket took this segment.</summary>
    public void Sent(OutboxSegment segment)
    {
        ArrayPool<byte>.Shared.Return(segment.Buffer);
        TaskCompletionSource? drained = null;
        lock (_gate)
        {
            _unsent -= segment.Length;
            if (_drained is not null && _unsent <= _drainedAt)
            {
                (drained, _drained) = (_drained, null);
            }
        }

        drained?.SetResult();
    }

    /// <summary>Waits until at most <paramref name="bytes"/> are unsent. One waiter at a time.</summary>
    public Task DrainedAsync(long bytes, CancellationToken cancellation)
    {
        lock (_gate)
        {
            Signal();
            if (_unsent <= bytes)
            {
                return Task.CompletedTask;
            }

            _drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _drainedAt = bytes;
            return _drained.Task.WaitAsync(cancellation);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _completed = true;
            foreach (var segment in _segments)
            {
                ArrayPool<byte>.Shared.Return(segment.Buffer);
            }

            _segments.Clear();
            _last = null;
        }
    }

    private void Signal()
    {
        if (!_signalled)
        {
            _signalled = true;
            _wake.Release();
        }
    }

    private void Copy(ReadOnlySpan<byte> bytes)
    {
        _unsent += bytes.Length;
        while (!bytes.IsEmpty)
        {
            if (_last is not { Room: > 0 })
            {
                _last = new OutboxSegment(ArrayPool<byte>.Shared.Rent(SegmentSize));
                _segments.Enqueue(_last);
            }

            var part = bytes[..Math.Min(bytes.Length, _last.Room)];
            part.CopyTo(_last.Buffer.AsSpan(_last.Length));
            _last.Length += part.Length;
            bytes = bytes[part.Length..];
        }
    }
}
