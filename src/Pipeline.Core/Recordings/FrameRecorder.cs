using System.Threading.Channels;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;

namespace Pipeline.Core.Recordings;

/// <summary>
/// Records the frames of connections. <see cref="Take"/> copies them into a block; full blocks wait, bounded, for the one that packs and
/// writes them. Safe from several threads.
/// </summary>
public sealed class FrameRecorder : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Func<int, IRecordingTarget> _open;
    private readonly TimeProvider _time;
    private readonly RecorderOptions _options;
    private readonly PipelineMetrics _metrics;
    private readonly Channel<RecordingBlock> _full;
    private readonly Channel<RecordingBlock> _free;
    private readonly ITimer _timer;
    private readonly Task _writing;
    private RecordingBlock _block = new();
    private long _frames;
    private long _dropped;
    private long _written;
    private bool _hasEnded;
    private volatile bool _isToRotate;

    /// <param name="open">Opens the file of a number, from 0; the recorder closes it.</param>
    /// <param name="time">Bounds the age of blocks.</param>
    public FrameRecorder(
        Func<int, Stream> open, RecordingHeader header, RecorderOptions options, TimeProvider time, PipelineMetrics metrics)
        : this(number => new RecordingFile(open(number), header), options, time, metrics)
    {
    }

    /// <param name="open">Opens the target of a number, from 0; the recorder closes it.</param>
    /// <param name="time">Bounds the age of blocks and files.</param>
    public FrameRecorder(Func<int, IRecordingTarget> open, RecorderOptions options, TimeProvider time, PipelineMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(metrics);
        (_open, _options, _time, _metrics) = (open, options, time, metrics);
        _full = Channel.CreateBounded<RecordingBlock>(new BoundedChannelOptions(options.Blocks) { SingleReader = true });
        _free = Channel.CreateBounded<RecordingBlock>(options.Blocks);
        metrics.AddQueue(options.Name, () => _full.Reader.Count, options.Blocks);
        var file = open(0);
        _written = file.Written;
        _writing = WriteAsync(file);
        _timer = time.CreateTimer(static state => ((FrameRecorder)state!).PassOn(), this, options.BlockAge, options.BlockAge);
    }

    /// <summary>Ends when recording has, by <see cref="DisposeAsync"/> or its bound of size; fails when a file cannot be written.</summary>
    public Task Completion => _writing;

    /// <summary>Frames taken.</summary>
    public long Frames => Volatile.Read(ref _frames);

    /// <summary>Frames left out, since the disk was too slow or recording had ended.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Bytes in the files.</summary>
    public long Written => Volatile.Read(ref _written);

    /// <summary>Copies the frames; call it from the observer of the connections' frames. Never throws.</summary>
    public void Take(FrameBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        lock (_gate)
        {
            if (_hasEnded || _writing.IsCompleted)
            {
                Drop(batch.Source.Venue, batch.Count);
                return;
            }

            if (_block.Size >= _options.BlockBytes && !TryPassOn())
            {
                if (!_options.Holds)
                {
                    Drop(batch.Source.Venue, batch.Count);
                    return;
                }

                batch.HoldUntil(HandOverAsync(_block));
                _block = Rent();
            }

            _block.Append(batch);
            _frames += batch.Count;
        }
    }

    /// <summary>Begins the next file with the next block, or says anew what the recording holds where it has no files.</summary>
    public void Rotate() => _isToRotate = true;

    /// <summary>Writes what was taken, and ends the file.</summary>
    public async ValueTask DisposeAsync()
    {
        RecordingBlock? last = null;
        lock (_gate)
        {
            if (!_hasEnded)
            {
                _hasEnded = true;
                last = _block;
            }
        }

        await _timer.DisposeAsync();
        if (last is not null)
        {
            await HandOverAsync(last);
            _full.Writer.TryComplete();
        }

        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void PassOn()
    {
        lock (_gate)
        {
            if (!_hasEnded && _block.Frames > 0)
            {
                TryPassOn();
            }
        }
    }

    private bool TryPassOn()
    {
        if (!_full.Writer.TryWrite(_block))
        {
            return false;
        }

        _block = Rent();
        return true;
    }

    private async Task HandOverAsync(RecordingBlock block)
    {
        try
        {
            await _full.Writer.WriteAsync(block);
        }
        catch (ChannelClosedException)
        {
            // Writing has failed or come to its bound: said by Completion.
            Interlocked.Add(ref _dropped, block.Frames);
        }
    }

    private RecordingBlock Rent() => _free.Reader.TryRead(out var block) ? block : new RecordingBlock();

    private void Drop(string venue, int frames)
    {
        Interlocked.Add(ref _dropped, frames);
        _metrics.Dropped(venue, "recording", frames);
    }

    private async ValueTask<bool> IsToRotateAsync(IRecordingTarget file)
    {
        if (!_isToRotate)
        {
            return false;
        }

        _isToRotate = false;
        return !await file.TryTellAsync();
    }

    private async Task WriteAsync(IRecordingTarget file)
    {
        try
        {
            var (number, before, opened) = (0, 0L, _time.GetTimestamp());
            await foreach (var block in _full.Reader.ReadAllAsync())
            {
                if (file.Written >= (_options.MaxFileBytes ?? long.MaxValue)
                    || _time.GetElapsedTime(opened) >= (_options.MaxFileAge ?? TimeSpan.MaxValue)
                    || await IsToRotateAsync(file))
                {
                    before += file.Written;
                    await file.EndAsync();
                    file.Dispose();
                    (file, opened) = (_open(++number), _time.GetTimestamp());
                }

                await file.WriteAsync(block);
                Volatile.Write(ref _written, before + file.Written);
                block.Clear();
                _free.Writer.TryWrite(block);
                if (_options.MaxBytes is { } bound && _written >= bound)
                {
                    break;
                }
            }

            await file.EndAsync();
            Volatile.Write(ref _written, before + file.Written);
        }
        finally
        {
            file.Dispose();
            _full.Writer.TryComplete();
        }
    }
}
