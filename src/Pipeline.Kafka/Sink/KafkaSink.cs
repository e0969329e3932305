using System.Diagnostics.CodeAnalysis;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Graph;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Kafka.Records;
using Pipeline.Kafka.Topics;

namespace Pipeline.Kafka.Sink;

/// <summary>
/// Station 6: one producer for the whole process. Within a partition the log is always a prefix of what was handed over; a client
/// without room is back pressure; deliveries are counted in bulk. What counts trades is written when they are acknowledged: README.md
/// has these rules, the topics, keys and headers.
/// </summary>
public sealed partial class KafkaSink : IMarketSink, IAsyncDisposable
{
    private readonly InstrumentTexts _instruments = new();
    private readonly RoomSignal _room = new();
    private readonly WriterGate _gate = new();
    private readonly KafkaOptions _options;
    private readonly TopicCatalog _catalog;
    private readonly PipelineMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly DeliveryLedger _ledger;
    private readonly SinkLanes _lanes;
    private readonly FlushWaiters _flushes;
    private readonly Epochs _epochs;
    private volatile ProducerRun _run;
    private volatile TaskCompletionSource _faulted = NewSignal();
    private KafkaSinkException? _fault;

    internal KafkaSink(KafkaOptions options, PipelineMetrics metrics, TimeProvider clock)
    {
        _options = options;
        _catalog = TopicCatalog.Of(options);
        _metrics = metrics;
        _clock = clock;
        _ledger = new DeliveryLedger(_catalog);
        _lanes = new SinkLanes(_ledger, metrics, Release);
        _flushes = new FlushWaiters(_ledger);
        _epochs = new Epochs(options.Partitions);
        _run = Run();
        metrics.AddQueue("kafka client", () => _ledger.Counts.InFlight, _run.Client.MaxMessages);
        metrics.AddQueue("kafka client bytes", () => _ledger.Counts.BytesInFlight, _run.Client.MaxBytes);
        _run.Loop.Start();
    }

    /// <summary>
    /// Brokers out of reach and back again, and the client's warnings; at most one of a kind per 10 s. Raised on the delivery thread, so
    /// a handler must be quick.
    /// </summary>
    public event Action<KafkaNotice>? Noticed;

    /// <summary>
    /// Fails with a <see cref="KafkaSinkException"/> when the sink cannot go on; completes when it is closed. Another task after
    /// <see cref="RestartAsync"/>.
    /// </summary>
    public Task Faulted => _faulted.Task;

    public SinkCounts Counts => _ledger.Counts;

    /// <summary>Makes sure of the topics, and starts the producer.</summary>
    /// <param name="clock">The system clock: it stamps the time of production, whatever clock the market runs on.</param>
    /// <param name="patience">How long to wait for a broker; null = 30 s.</param>
    /// <param name="noticed">
    /// Told what happens before there is a sink to subscribe to: that no broker answers yet, or that settings of the topics weaken the
    /// promises. A handler must be quick.
    /// </param>
    /// <exception cref="KafkaClientException">No broker answers, topics are not as they must be, or a property is wrong.</exception>
    public static async Task<KafkaSink> StartAsync(
        KafkaOptions options,
        PipelineMetrics metrics,
        TimeProvider clock,
        TimeSpan? patience = null,
        Action<KafkaNotice>? noticed = null,
        CancellationToken cancellation = default)
    {
        await TopicCheck.EnsureAsync(options, clock, patience, noticed, cancellation);
        return new KafkaSink(options, metrics, clock);
    }

    /// <inheritdoc/>
    /// <exception cref="KafkaSinkException">The sink cannot go on.</exception>
    public ValueTask WriteAsync(MarketBatch batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var lane = LaneOf(batch);
        var next = Write(batch, 0, lane);
        return next > batch.Events.Count ? ValueTask.CompletedTask : new ValueTask(WriteRestAsync(batch, next, lane, cancellation));
    }

    /// <summary>Completes when everything taken so far is acknowledged, what waits for acknowledgements included.</summary>
    /// <exception cref="KafkaSinkException">The sink cannot go on.</exception>
    public ValueTask FlushAsync(CancellationToken cancellation)
    {
        ThrowIfFaulted();
        return new ValueTask(FlushLanesAsync(cancellation));
    }

    /// <summary>Closes the producer. What is still in flight is given up and counted as failed: flush first.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            await CloseAsync(new KafkaSinkException("closed", "The Kafka sink is closed."));
            _faulted.TrySetResult();
        }
    }

    /// <summary>Makes the client fail as it would when the order of a partition is broken; for tests.</summary>
    internal void RaiseFatalError(string reason) => _run.Client.RaiseFatalError(reason);

    /// <summary>Most batches hold nothing that waits, and need no lane; nor do those that other threads write beside the lanes.</summary>
    private SinkLane? LaneOf(MarketBatch batch) =>
        (batch.Candles.Count | batch.Gaps.Count | batch.States.Count) != 0 || batch.IsCheckpoint ? _lanes.Of(batch.Lane) : null;

    private async Task WriteRestAsync(MarketBatch batch, int next, SinkLane? lane, CancellationToken cancellation)
    {
        CountWait(lane);
        while (true)
        {
            // Asked for before the attempt: room that is made after it completes this task.
            var room = _room.Next();
            next = Write(batch, next, lane);
            if (next > batch.Events.Count)
            {
                return;
            }

            await room.WaitAsync(cancellation);
        }
    }

    private void CountWait(SinkLane? lane)
    {
        switch (lane?.Waiting ?? SinkWait.Room)
        {
            case SinkWait.Announcement:
                _metrics.AckWait("gap");
                break;
            case SinkWait.AwaitingAcks:
                _metrics.AckWait("trades");
                break;
            default:
                _metrics.QueueFull();
                break;
        }
    }

    private int Write(MarketBatch batch, int next, SinkLane? lane)
    {
        var writer = Rent(out var run);
        try
        {
            return writer.Write(batch, next, lane);
        }
        catch (KafkaSinkException exception)
        {
            Fail(exception);
            throw;
        }
        finally
        {
            GiveBack(writer, run);
        }
    }

    /// <summary>A writer, and the client behind it kept open until it is given back.</summary>
    /// <exception cref="KafkaSinkException">The sink cannot go on.</exception>
    private SinkWriter Rent(out ProducerRun run)
    {
        if (!TryEnter(out var fault))
        {
            throw new KafkaSinkException(fault.Code, fault.Message);
        }

        return Rent(run = _run);
    }

    private SinkWriter Rent(ProducerRun run)
    {
        return run.Writers.TryDequeue(out var writer)
            ? writer
            : new SinkWriter(run.Client, _ledger, _catalog, _instruments, _epochs, _metrics, _clock, _options.Format == RecordFormat.Protobuf) { LogId = () => LogId };
    }

    /// <summary>Keeps the producer open until <see cref="GiveBack"/>; false when there is none to use.</summary>
    private bool TryEnter([NotNullWhen(false)] out KafkaSinkException? fault)
    {
        _gate.Enter();
        fault = Volatile.Read(ref _fault);
        if (fault is null)
        {
            return true;
        }

        _gate.Leave();
        return false;
    }

    private void GiveBack(SinkWriter writer, ProducerRun run)
    {
        run.Writers.Enqueue(writer);
        _gate.Leave();
    }

    private void OnProgress(bool settled)
    {
        if (settled)
        {
            _room.Set();
            _lanes.OnProgress();
        }

        _flushes.Check();
    }

    private async Task FlushLanesAsync(CancellationToken cancellation)
    {
        foreach (var (lane, mark) in _lanes.All.Select(lane => (lane, lane.Awaiting.Mark)).ToList())
        {
            while (!lane.Awaiting.IsThrough(mark))
            {
                var progress = _room.Next();
                ThrowIfFaulted();
                if (!lane.Awaiting.IsThrough(mark))
                {
                    await progress.WaitAsync(cancellation);
                }
            }
        }

        ThrowIfFaulted();
        await _flushes.WaitAsync(cancellation);
    }

    private void Fail(KafkaSinkException exception)
    {
        if (Interlocked.CompareExchange(ref _fault, exception, null) is null)
        {
            _faulted.TrySetException(exception);
            EndWaits(exception);
        }
    }

    private void Tell(KafkaNotice notice)
    {
        try
        {
            Noticed?.Invoke(notice);
        }
        catch (Exception)
        {
            // An observer's trouble must not end the thread that counts deliveries.
        }
    }

    private void ThrowIfFaulted()
    {
        if (Volatile.Read(ref _fault) is { } fault)
        {
            throw new KafkaSinkException(fault.Code, fault.Message);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
