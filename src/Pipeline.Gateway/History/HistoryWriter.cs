using System.Text;
using Microsoft.Extensions.Logging;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Gateway.Hub;
using Pipeline.History;
using Pipeline.Kafka.Reader;

namespace Pipeline.Gateway.History;

/// <summary>
/// Brings final and revised candles from the log into the store, batch by batch, and tells the hub what it need not keep any more. Which
/// log there is it learns from the hub, whose tap it is; it reads on its own, from the offsets that are stored.
/// </summary>
internal sealed partial class HistoryWriter : IRecordTap, IHistoryMarks, IAsyncDisposable
{
    // Rows are read before the hub is asked: what was committed meanwhile the hub should still have, or they are read again.
    public static readonly TimeSpan DefaultReleaseDelay = TimeSpan.FromSeconds(5);

    // Forming candles move positions too, and are not worth a write of their own.
    private static readonly TimeSpan PositionInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan TidyInterval = TimeSpan.FromSeconds(60);

    private readonly CandleStore _store;
    private readonly IHistorySource _source;
    private readonly HistoryOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<HistoryWriter> _logger;
    private readonly CancellationTokenSource _ending = new();
    private readonly Dictionary<int, long> _keptFrom = [];
    private readonly Dictionary<string, (string Venue, string Id)> _names = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly CandleBatch _batch = new();
    private ICandleHub? _hub;
    private TaskCompletionSource<LogBeginning> _nextLog = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource? _reading;
    private IReadOnlyDictionary<int, long> _ends = new Dictionary<int, long>();
    private StorePosition _toRelease = StorePosition.None;
    private long _releaseAfter;
    private long _began;
    private Task _running = Task.CompletedTask;
    private HistoryFigures _figures = new(HistoryState.Waiting, 0, 0, 0, 0, 0, 0, 0, 0, null);

    public HistoryWriter(CandleStore store, IHistorySource source, HistoryOptions options, TimeProvider time, ILogger<HistoryWriter> logger)
    {
        (_store, _source, _options, _time, _logger) = (store, source, options, time, logger);
        _releaseAfter = time.GetTimestamp();
    }

    /// <summary>How long the hub keeps candles that are stored.</summary>
    public TimeSpan ReleaseDelay { get; init; } = DefaultReleaseDelay;

    /// <summary>Time of one transaction, its wait for the store's thread included.</summary>
    public LatencyHistogram CommitTime { get; } = new();

    /// <summary>For any thread.</summary>
    public HistoryFigures Figures
    {
        get
        {
            lock (_gate)
            {
                return _figures;
            }
        }
    }

    /// <summary>Begins to read, as soon as the hub has told of a log.</summary>
    public void Start(ICandleHub hub)
    {
        _hub = hub;
        _running = Task.WhenAll(RunAsync(), TidyAsync());
    }

    public long KeptFrom(int partition) => _keptFrom.GetValueOrDefault(partition);

    public long? CandlesFrom(string logId, int partition) => _store.Position.LogId == logId ? _store.Position.NextOf(partition) : null;

    public void OnLog(LogBeginning log)
    {
        _keptFrom.Clear();
        lock (_gate)
        {
            if (!_nextLog.TrySetResult(log))
            {
                _nextLog = new TaskCompletionSource<LogBeginning>(TaskCreationOptions.RunContinuationsAsynchronously);
                _nextLog.SetResult(log);
            }

            _reading?.Cancel();
        }
    }

    public void OnRecord(in StreamRecord record)
    {
    }

    /// <summary>Ends after the batch that is being written.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _running;
        _ending.Dispose();
    }

    private async Task RunAsync()
    {
        LogBeginning? log = null;
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                var reading = await BeginAsync(log);
                log = reading.Log;
                await ReadAsync(reading);
            }
            catch (OperationCanceledException)
            {
                // Another log, or the end.
            }
            catch (HistoryException error)
            {
                LogFailed(error.Message);
                Change(figures => figures with { State = HistoryState.Failed, LastError = error.Message });
                await WaitAsync(Timeout.InfiniteTimeSpan);
            }
            catch (Exception error)
            {
                LogReading(error.Message);
                Change(figures => figures with { State = HistoryState.Retrying, LastError = error.Message });
                await WaitAsync(FirstRetry);
            }
        }
    }

    /// <summary>Waits for a log, unless one is known already and no other has come.</summary>
    private async Task<HistoryReading> BeginAsync(LogBeginning? known)
    {
        Task<LogBeginning> next;
        lock (_gate)
        {
            next = known is not null && !_nextLog.Task.IsCompleted ? Task.FromResult(known) : _nextLog.Task;
        }

        var log = await next.WaitAsync(_ending.Token);
        lock (_gate)
        {
            if (_nextLog.Task.IsCompleted)
            {
                log = _nextLog.Task.Result;
                _nextLog = new TaskCompletionSource<LogBeginning>(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            _reading = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
            return new HistoryReading(log, _reading);
        }
    }

    private async Task ReadAsync(HistoryReading reading)
    {
        var logId = reading.Log.LogId.Length > 0 ? reading.Log.LogId : $"unnamed-{Guid.NewGuid():N}";
        _ends = reading.Log.Partitions.Where(one => one.Topic == TopicKind.Candles).ToDictionary(one => one.Partition, one => one.End);
        _batch.Clear();
        Change(figures => figures with { State = HistoryState.CatchingUp });
        AfterCommit(logId);
        var records = _source.ReadAsync(StartOf(reading.Log, logId), reading.Token).GetAsyncEnumerator(reading.Token);
        Task<bool>? next = null;
        try
        {
            for (next = NextOf(records); ;)
            {
                await GatherAsync(next, reading.Token);
                if (IsDue(next))
                {
                    await CommitAsync(logId, reading.Token);
                    continue;
                }

                // A timer may fire a little before its time.
                if (!next.IsCompleted && !_batch.IsEmpty)
                {
                    continue;
                }

                if (!await next)
                {
                    return;
                }

                if (_batch.IsEmpty)
                {
                    _began = _time.GetTimestamp();
                }

                Add(records.Current);
                next = NextOf(records);
            }
        }
        finally
        {
            lock (_gate)
            {
                _reading = null;
            }

            await reading.Ending.CancelAsync();
            if (next is not null)
            {
                await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await records.DisposeAsync();
            reading.Ending.Dispose();
        }
    }

    private static Task<bool> NextOf(IAsyncEnumerator<KafkaRecord> records) => records.MoveNextAsync().AsTask();

    /// <summary>Waits for the next record, or until what was gathered is due.</summary>
    private async Task GatherAsync(Task<bool> next, CancellationToken cancellation)
    {
        if (next.IsCompleted || _batch.IsEmpty)
        {
            return;
        }

        var left = (_batch.Count > 0 ? _options.CommitInterval : PositionInterval) - _time.GetElapsedTime(_began);
        if (left > TimeSpan.Zero)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await Task.WhenAny(next, Task.Delay(left, _time, stop.Token));
            await stop.CancelAsync();
        }
    }

    private bool IsDue(Task<bool> next)
    {
        var age = _time.GetElapsedTime(_began);
        return !_batch.IsEmpty
            && (_batch.Count >= _options.CommitRecords || age >= PositionInterval || (_batch.Count > 0 && !next.IsCompleted && age >= _options.CommitInterval));
    }

    /// <summary>Where reading goes on; what Kafka has deleted before it was read is told of.</summary>
    private Dictionary<int, long> StartOf(LogBeginning log, string logId)
    {
        var offsets = new Dictionary<int, long>();
        if (_store.Position.LogId != logId)
        {
            LogBegins(logId);
            return offsets;
        }

        foreach (var partition in log.Partitions.Where(one => one.Topic == TopicKind.Candles))
        {
            var next = _store.Position.NextOf(partition.Partition);
            if (next < partition.Low)
            {
                LogHole(partition.Partition, next, partition.Low);
                Change(figures => figures with { Missed = figures.Missed + partition.Low - next });
            }

            offsets.Add(partition.Partition, next);
        }

        return offsets;
    }

    private void Add(KafkaRecord record)
    {
        if (record.Value is null || !CandleText.TryRead(record.Value, out var text))
        {
            _batch.Skip(record.Partition, record.Offset);
            if (record.Value is not null)
            {
                Change(figures => figures with { Malformed = figures.Malformed + 1 });
            }

            return;
        }

        if (text.State == CandleState.Forming)
        {
            _batch.Skip(record.Partition, record.Offset);
            return;
        }

        if (!CandleInterval.TryParse(Encoding.ASCII.GetString(text.Interval), out var interval)
            || interval.OpenOf(text.OpenTime) != text.OpenTime || !text.TryToHistory(out var candle))
        {
            _batch.Skip(record.Partition, record.Offset);
            Change(figures => figures with { Malformed = figures.Malformed + 1 });
            return;
        }

        var (venue, id) = NamesOf(text);
        _batch.Add(new SeriesKey(venue, id, interval), record.Partition, record.Offset, candle);
    }

    /// <summary>One string object per name: series are looked up by them thousands of times a second.</summary>
    private (string Venue, string Id) NamesOf(in CandleText text)
    {
        Span<char> key = stackalloc char[256];
        if (text.Venue.Length + text.Instrument.Length + 1 > key.Length)
        {
            return (Encoding.UTF8.GetString(text.Venue), Encoding.UTF8.GetString(text.Instrument));
        }

        var length = Encoding.UTF8.GetChars(text.Venue, key);
        key[length++] = ':';
        length += Encoding.UTF8.GetChars(text.Instrument, key[length..]);
        var lookup = _names.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!lookup.TryGetValue(key[..length], out var names))
        {
            lookup[key[..length]] = names = (Encoding.UTF8.GetString(text.Venue), Encoding.UTF8.GetString(text.Instrument));
        }

        return names;
    }

    private void Change(Func<HistoryFigures, HistoryFigures> change)
    {
        lock (_gate)
        {
            _figures = change(_figures);
        }
    }

    private async Task WaitAsync(TimeSpan time) => await Task.Delay(time, _time, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
