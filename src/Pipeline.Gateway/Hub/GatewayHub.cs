using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Core.Diagnostics;
using Pipeline.Gateway.Instruments;
using Pipeline.Gateway.Streams;
using Pipeline.Kafka.Reader;

namespace Pipeline.Gateway.Hub;

/// <summary>
/// The one thread that owns streams, index, replay windows and who is in which room. Records come from a source on a thread of its own through
/// a bounded queue; whatever clients want comes as commands, which run between two records.
/// </summary>
internal sealed partial class GatewayHub : IHub, IRecordTarget, IAsyncDisposable
{
    private static readonly TimeSpan TickPeriod = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ReadAgainAfter = TimeSpan.FromSeconds(1);

    private readonly IRecordSource _source;
    private readonly HubOptions _options;
    private readonly TimeProvider _clock;
    private readonly IReadOnlyList<IRecordTap> _taps;
    private readonly ILogger _logger;
    private readonly HubState _state;
    private readonly HubInbox _inbox;
    private readonly BoardWriter _board = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource<Exception> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _hubEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _readerEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EpochFence _fence = new();
    private ITimer? _timer;
    private volatile bool _isCaughtUp;
    private volatile bool _isConnected;
    private int _isStarted;

    /// <param name="taps">See every record.</param>
    /// <param name="workers">Live on the hub's thread, such as the sessions of a protocol.</param>
    public GatewayHub(
        IRecordSource source,
        HubOptions options,
        TimeProvider clock,
        IReadOnlyList<IRecordTap>? taps = null,
        IReadOnlyList<IHubWorker>? workers = null,
        ILogger<GatewayHub>? logger = null)
    {
        _source = source;
        _options = options;
        _clock = clock;
        _taps = taps ?? [];
        _logger = logger ?? NullLogger<GatewayHub>.Instance;
        _state = new HubState(options, clock, _taps, [_board, .. workers ?? []]) { Faulted = LogFault };
        _inbox = new HubInbox(options);
    }

    /// <summary>Everything that was in the log at the start has been read; false again while another log is read.</summary>
    public bool IsCaughtUp => _isCaughtUp;

    /// <summary>The broker can be reached, as far as is known.</summary>
    public bool IsConnected => _isConnected;

    /// <summary>For any thread.</summary>
    public IInstrumentFinder Instruments => _state.Instruments;

    public HubCounts Counts => _state.Counts;

    public HubOptions Options => _options;

    /// <summary>How things stood a moment ago; null before the hub has run. For any thread: whoever asks costs the hub nothing.</summary>
    public HubBoard? Board => _board.Newest;

    /// <summary>How far each partition has been read, and how far that is from its end. For any thread.</summary>
    public IReadOnlyList<PartitionPosition> Positions
    {
        get
        {
            // The ends first: what is read meanwhile makes the lag smaller than it was, never larger.
            var ends = _isConnected ? _source.ReadEnds() : null;
            return [.. _state.Partitions.All.Select(log => log.Describe(
                ends is not null && ends.TryGetValue((log.Topic, log.Partition), out var end) ? end : null))];
        }
    }

    /// <summary>Records that wait between the reading thread and the hub.</summary>
    public int FetchQueueLength => _inbox.Records;

    /// <summary>Time from the production of a record until it lies in outboxes that a part of them do not exceed, microseconds; 0 = nothing yet.</summary>
    /// <param name="part">Such as 0.99.</param>
    public long LatencyQuantile(double part) => _state.Latency.Quantile(part);

    /// <summary>Time from the production of a record until it lies in outboxes.</summary>
    public LatencyHistogram Latency => _state.Latency;

    /// <summary>Time that one turn of records takes to find its clients and be handed to them.</summary>
    public LatencyHistogram MatchTime { get; } = new();

    /// <summary>Begins to read.</summary>
    public void Start()
    {
        if (Interlocked.Exchange(ref _isStarted, 1) == 0)
        {
            new Thread(RunHub) { Name = "gateway hub", IsBackground = true }.Start();
            new Thread(RunReader) { Name = "gateway reader", IsBackground = true }.Start();
            _timer = _clock.CreateTimer(static hub => ((GatewayHub)hub!)._inbox.Tick(), this, TickPeriod, TickPeriod);
        }
    }

    /// <summary>Completes when the hub cannot go on, with the reason: a defect, after which only another process serves anybody.</summary>
    public Task<Exception> Failed => _failed.Task;

    /// <summary>Lets a command run between two records. For any thread; does not wait.</summary>
    /// <param name="force">However many wait: for what must not be left out, and is bounded otherwise, such as that a client is gone.</param>
    /// <returns>False when the hub has ended, or too many wait already: then it will not run.</returns>
    public bool Post(IHubCommand command, bool force = false) => _inbox.Post(command, force);

    /// <summary>Runs a function between two records and brings back what it made. For any thread.</summary>
    /// <exception cref="HubUnavailableException">The hub has ended, or too many commands wait.</exception>
    public async Task<T> AskAsync<T>(Func<HubView, T> question, CancellationToken cancellation = default)
    {
        var ask = new HubQuestion<T>(question);
        if (!Post(ask))
        {
            throw new HubUnavailableException();
        }

        var ended = await Task.WhenAny(ask.Answer, _hubEnded.Task).WaitAsync(cancellation);
        return ended == ask.Answer || ask.Answer.IsCompleted ? await ask.Answer : throw new HubUnavailableException();
    }

    /// <summary>Candles of a partition up to this offset, itself included, are stored: the hub need not keep them. For any thread.</summary>
    public void ReleaseCandles(int partition, long offset) => Post(
        new HubQuestion<bool>(view =>
        {
            view.ReleaseCandles(partition, offset);
            return true;
        }),
        force: true);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _inbox.End();
        if (_timer is not null)
        {
            await _timer.DisposeAsync();
        }

        if (Interlocked.Exchange(ref _isStarted, 1) == 1)
        {
            await _hubEnded.Task;
            await _readerEnded.Task;
        }

        _ending.Dispose();
    }

    long? IRecordTarget.CandlesFrom(string logId, int partition)
    {
        long? from = null;
        foreach (var tap in _taps)
        {
            from = tap.CandlesFrom(logId, partition) is { } wanted ? Math.Min(wanted, from ?? wanted) : from;
        }

        return from;
    }

    void IRecordTarget.Begin(LogBeginning log, CancellationToken cancellation)
    {
        _fence = new EpochFence();
        _isCaughtUp = false;
        LogBegins(_logger, log.LogId, log.Partitions.Sum(partition => partition.End - partition.Start));
        _inbox.Add(new FetchItem(default, null, log, 0, 0), cancellation);
    }

    void IRecordTarget.Add(TopicKind topic, KafkaRecord record, CancellationToken cancellation)
    {
        if (_fence.IsStale(record))
        {
            // Its place counts as read all the same.
            Counts.WasStale();
            _inbox.Add(new FetchItem(topic, null, null, record.Partition, record.Offset + 1), cancellation);
            return;
        }

        _inbox.Add(new FetchItem(topic, record, null, record.Partition, record.Offset), cancellation);
    }

    void IRecordTarget.Reached(TopicKind topic, int partition, long offset, CancellationToken cancellation) =>
        _inbox.Add(new FetchItem(topic, null, null, partition, offset), cancellation);

    void IRecordTarget.Report(bool isConnected)
    {
        if (_isConnected == isConnected)
        {
            return;
        }

        _isConnected = isConnected;
        if (isConnected)
        {
            Connected(_logger);
        }
        else
        {
            Counts.LostBroker();
            Disconnected(_logger);
        }
    }

    private void RunHub()
    {
        var items = new List<FetchItem>();
        var commands = new List<IHubCommand>();
        var left = HubWork.None;
        try
        {
            while (_inbox.Take(ref items, ref commands, left, out var isTickDue))
            {
                left = Turn(items, ref commands);
                if (isTickDue)
                {
                    _state.Tick();
                }

                _isCaughtUp = _state.IsCaughtUp;
            }
        }
        catch (Exception exception)
        {
            Ended(_logger, exception);
            _failed.SetResult(exception);
        }
        finally
        {
            _isCaughtUp = false;
            _inbox.End();
            _hubEnded.SetResult();
        }
    }

    private HubWork Turn(List<FetchItem> items, ref List<IHubCommand> commands)
    {
        var next = 0;
        HubWork left;
        do
        {
            _state.TakeTime();
            var (began, first) = (_clock.GetTimestamp(), next);
            for (var end = Math.Min(items.Count, next + _options.TurnRecords); next < end; next++)
            {
                items[next].Apply(_state);
            }

            if (next > first)
            {
                MatchTime.Add((long)_clock.GetElapsedTime(began).TotalMicroseconds, _state.Now);
            }

            foreach (var command in commands)
            {
                _state.Run(command);
            }

            left = _state.Turn();
            if (next < items.Count)
            {
                _inbox.TakeCommands(ref commands);
            }
        }
        while (next < items.Count);
        return left;
    }

    private void RunReader()
    {
        try
        {
            while (!_ending.IsCancellationRequested)
            {
                ReadOnce();
                _ending.Token.WaitHandle.WaitOne(ReadAgainAfter);
            }
        }
        catch (ObjectDisposedException)
        {
            // The hub was disposed of.
        }
        finally
        {
            _readerEnded.SetResult();
        }
    }

    private void ReadOnce()
    {
        try
        {
            _source.Read(this, _ending.Token);
        }
        catch (OperationCanceledException)
        {
            // The hub ends.
        }
        catch (Exception exception)
        {
            Counts.HadFault();
            ReadingFailed(_logger, exception);
        }
    }

    private void LogFault(Exception exception) => CommandFailed(_logger, exception);
}
