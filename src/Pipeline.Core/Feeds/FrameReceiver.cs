using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds.Transport;
using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds;

/// <summary>
/// The receive loop of one socket: reads the frames that arrived together into one slab and pushes them as one batch.
/// <para>
/// A batch grows as long as receives complete synchronously, up to <see cref="FrameBatch.MaxFrames"/>. When a receive has to wait, the
/// batch is pushed first; slabs are counted, so the waiting receive may go on writing behind the pushed frames. Nothing is allocated
/// per message.
/// </para>
/// </summary>
internal sealed class FrameReceiver
{
    /// <summary>Just within a 64 KiB array of the pool, hence not on the large object heap.</summary>
    internal const int SlabBytes = (64 * 1024) - FrameSlab.Padding;

    /// <summary>What is kept of a frame that is too large: enough to recognise it.</summary>
    internal const int KeptBytes = 64 * 1024;

    /// <summary>A slab with less room than this is not worth another receive.</summary>
    private const int LeastRoom = 1024;

    /// <summary>Full batches after which a loop that never had to wait lets others run.</summary>
    private const int FairBatches = 64;

    private static long _sockets;

    private readonly long _number;
    private readonly IFeedSocket _socket;
    private readonly FeedSource _source;
    private readonly IObserver<FrameBatch> _observer;
    private readonly FrameBatchPool _pool;
    private readonly TimeProvider _marketClock;
    private readonly PipelineMetrics _metrics;
    private readonly int _maxFrameBytes;

    private FrameSlab _slab = FrameSlab.Rent(SlabBytes);

    /// <summary>Complete frames not pushed yet; all of them lie in <see cref="_slab"/>.</summary>
    private FrameBatch? _batch;
    private long _batchWireBytes;

    /// <summary>The frame being received: where it starts, what is kept of it, its size on the wire so far.</summary>
    private int _start;
    private int _length;
    private long _wireSize;
    private bool _discarding;

    /// <summary>The newest complete frame: in the slab before <see cref="_start"/>, or what was kept of it when the slab was left.</summary>
    private int _lastLength = -1;
    private byte[]? _lastKept;
    private int _lastKeptLength = -1;

    /// <param name="number">See <see cref="FrameOrigin.Socket"/>; null = the next one.</param>
    public FrameReceiver(
        IFeedSocket socket,
        FeedSource source,
        IObserver<FrameBatch> observer,
        FrameBatchPool pool,
        TimeProvider marketClock,
        PipelineMetrics metrics,
        int maxFrameBytes,
        long? number = null)
    {
        _number = number ?? NextSocket();
        _socket = socket;
        _source = source;
        _observer = observer;
        _pool = pool;
        _marketClock = marketClock;
        _metrics = metrics;
        _maxFrameBytes = maxFrameBytes;
    }

    /// <summary>Beginning of the newest complete frame, as <see cref="FrameText"/> shows it, once the loop has ended; null when none came.</summary>
    public string? LastFrame { get; private set; }

    /// <summary>Bytes that the next receive may use; while discarding, the place behind the kept part, again and again.</summary>
    private int Room => _slab.Capacity - _start - _length;

    /// <summary>Whether the next receive needs another slab: this one is full, or was made for a large frame that is complete.</summary>
    private bool NeedsSlab => Room < LeastRoom || (_wireSize == 0 && _start != 0 && _slab.Capacity > 2 * SlabBytes);

    /// <summary>A number for the next socket of this process; they begin with 1.</summary>
    public static long NextSocket() => Interlocked.Increment(ref _sockets);

    /// <summary>
    /// Receives until the venue closes. Throws what the socket throws. <paramref name="aborted"/> ends a wait for observers that hold
    /// a batch; whoever cancels it aborts the socket too.
    /// </summary>
    public async Task RunAsync(CancellationToken aborted)
    {
        try
        {
            var busy = 0;
            while (true)
            {
                if (NeedsSlab)
                {
                    await FlushAsync(aborted);
                    MakeRoom();
                }

                // The loop's own token stays away from the socket: it would be registered anew with every receive. Abort ends it.
                var receive = _socket.ReceiveAsync(_slab.Slice(_start + _length, Room), CancellationToken.None);
                if (!receive.IsCompletedSuccessfully)
                {
                    busy = 0;
                    await FlushAsync(aborted);
                }

                var result = await receive;
                if (result.IsClose)
                {
                    await FlushAsync(aborted);
                    return;
                }

                if (Append(result) == FrameBatch.MaxFrames)
                {
                    await FlushAsync(aborted);
                    if (++busy == FairBatches)
                    {
                        busy = 0;
                        await Task.Yield();
                    }
                }
            }
        }
        finally
        {
            LastFrame = ShowLast();
            _slab.Release();
        }
    }

    /// <summary>Takes in what a receive brought; returns the number of frames waiting to be pushed.</summary>
    private int Append(FeedReceiveResult result)
    {
        _wireSize += result.Count;
        if (!_discarding)
        {
            _length += result.Count;
            if (_length > _maxFrameBytes)
            {
                _discarding = true;
                _length = Math.Min(KeptBytes, _maxFrameBytes);
            }
        }

        if (!result.EndOfMessage)
        {
            return _batch?.Count ?? 0;
        }

        if (_batch is null)
        {
            _batch = _pool.Rent();
            _batch.Begin(_source, _slab, MarketTime.Now(_marketClock));
            var continuity = _source.Continuity;
            _batch.Origin = new FrameOrigin(_number, continuity.Series, continuity.Carriers);
        }

        _batch.Add(_start, _length, _wireSize);
        _batchWireBytes += _wireSize;
        _start += _length;
        _lastLength = _length;
        _length = 0;
        _wireSize = 0;
        _discarding = false;
        return _batch.Count;
    }

    /// <summary>Moves on to a fresh slab, with the part of a frame that is there already. The batch has been pushed before.</summary>
    private void MakeRoom()
    {
        // A growing frame doubles its slab, so that a large one is copied about once.
        var wanted = _length == 0 ? SlabBytes : Math.Min((2 * _length) + SlabBytes, Math.Max(_length, _maxFrameBytes) + SlabBytes);
        var next = FrameSlab.Rent(wanted);
        _slab.Frame(_start, _length).CopyTo(next.Slice(0, _length).Span);
        KeepLast();
        _slab.Release();
        _slab = next;
        _start = 0;
    }

    /// <summary>Once per slab and not per frame: what lies in the slab need not be copied.</summary>
    private void KeepLast()
    {
        if (_lastLength < 0)
        {
            return;
        }

        // One byte more than is shown tells that it goes on.
        _lastKept ??= new byte[FrameText.MostBytes + 1];
        _lastKeptLength = Math.Min(_lastLength, _lastKept.Length);
        _slab.Frame(_start - _lastLength, _lastKeptLength).CopyTo(_lastKept);
        _lastLength = -1;
    }

    private string? ShowLast() =>
        _lastLength >= 0 ? FrameText.Show(_slab.Frame(_start - _lastLength, _lastLength))
        : _lastKeptLength >= 0 ? FrameText.Show(_lastKept.AsSpan(0, _lastKeptLength))
        : null;

    /// <summary>Pushes the batch, if there is one, and waits until no observer holds it. Never throws.</summary>
    private ValueTask FlushAsync(CancellationToken aborted)
    {
        if (_batch is not { } batch)
        {
            return ValueTask.CompletedTask;
        }

        _batch = null;
        _metrics.FramesReceived(_source.Venue, batch.Count, _batchWireBytes);
        _batchWireBytes = 0;
        try
        {
            _observer.OnNext(batch);
        }
        catch (Exception)
        {
            _metrics.ObserverError(_source.Venue);
        }

        var released = batch.Released;
        if (!released.IsCompletedSuccessfully)
        {
            return HoldAsync(batch, released, aborted);
        }

        batch.Release();
        return ValueTask.CompletedTask;
    }

    private async ValueTask HoldAsync(FrameBatch batch, Task released, CancellationToken aborted)
    {
        try
        {
            await released.WaitAsync(aborted);
        }
        catch (OperationCanceledException) when (aborted.IsCancellationRequested)
        {
            // The connection is being dropped: whoever holds the batch owns it and keeps it.
        }
        catch (Exception)
        {
            _metrics.ObserverError(_source.Venue);
        }

        batch.Release();
    }
}
