using System.Collections.Concurrent;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Graph;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Kafka.Records;
using Pipeline.Kafka.Topics;

namespace Pipeline.Kafka.Sink;

/// <summary>
/// Station 6: one producer for the whole process. Within a partition the log is always a prefix of what was handed over; a client
/// without room is back pressure; deliveries are counted in bulk. README.md has the topics, keys and headers.
/// </summary>
public sealed class KafkaSink : IMarketSink, IAsyncDisposable
{
    private readonly ConcurrentQueue<SinkWriter> _writers = new();
    private readonly InstrumentTexts _instruments = new();
    private readonly RoomSignal _room = new();
    private readonly TaskCompletionSource _faulted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TopicCatalog _catalog;
    private readonly PipelineMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly ProducerClient _client;
    private readonly DeliveryLedger _ledger;
    private readonly FlushWaiters _flushes;
    private readonly DeliveryLoop _loop;
    private volatile KafkaSinkException? _fault;
    private int _closed;

    internal KafkaSink(KafkaOptions options, PipelineMetrics metrics, TimeProvider clock)
    {
        _catalog = TopicCatalog.Of(options);
        _metrics = metrics;
        _clock = clock;
        _client = new ProducerClient(options);
        _ledger = new DeliveryLedger(_catalog, _client.Handle);
        _flushes = new FlushWaiters(_ledger);
        _loop = new DeliveryLoop(_client, _ledger, metrics, clock) { Progressed = OnProgress, Failed = Fail, Noticed = Tell };
        metrics.AddQueue("kafka client", () => _ledger.Counts.InFlight, _client.MaxMessages);
        metrics.AddQueue("kafka client bytes", () => _ledger.Counts.BytesInFlight, _client.MaxBytes);
        _loop.Start();
    }

    /// <summary>
    /// Brokers out of reach and back again, and the client's warnings; at most one of a kind per 10 s. Raised on the delivery thread, so
    /// a handler must be quick.
    /// </summary>
    public event Action<KafkaNotice>? Noticed;

    /// <summary>Fails with a <see cref="KafkaSinkException"/> when the sink cannot go on; completes when it is closed.</summary>
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
        ThrowIfFaulted();
        var next = Write(batch, 0);
        return next == batch.Events.Count ? ValueTask.CompletedTask : new ValueTask(WriteRestAsync(batch, next, cancellation));
    }

    /// <inheritdoc/>
    /// <exception cref="KafkaSinkException">The sink cannot go on.</exception>
    public ValueTask FlushAsync(CancellationToken cancellation)
    {
        ThrowIfFaulted();
        return new ValueTask(_flushes.WaitAsync(cancellation));
    }

    /// <summary>Closes the producer. What is still in flight is given up and counted as failed: flush first.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
        {
            return;
        }

        _fault ??= new KafkaSinkException("closed", "The Kafka sink is closed.");
        _flushes.Fail(_fault);
        _room.Set();
        if (Counts.InFlight > 0)
        {
            _client.Purge();
        }

        // Both wait for threads of the library to end.
        await Blocking.RunAsync(() =>
        {
            _loop.Stop();
            _client.Dispose();
            return true;
        });
        _faulted.TrySetResult();
    }

    /// <summary>Makes the client fail as it would when the order of a partition is broken; for tests.</summary>
    internal void RaiseFatalError(string reason) => _client.RaiseFatalError(reason);

    private async Task WriteRestAsync(MarketBatch batch, int next, CancellationToken cancellation)
    {
        _metrics.QueueFull();
        while (true)
        {
            // Asked for before the attempt: room that is made after it completes this task.
            var room = _room.Next();
            ThrowIfFaulted();
            next = Write(batch, next);
            if (next == batch.Events.Count)
            {
                return;
            }

            await room.WaitAsync(cancellation);
        }
    }

    private int Write(MarketBatch batch, int next)
    {
        if (!_writers.TryDequeue(out var writer))
        {
            writer = new SinkWriter(_client, _ledger, _catalog, _instruments, _metrics, _clock);
        }

        var held = false;
        try
        {
            // One hold per batch keeps the native client alive while another thread closes the sink.
            _client.Handle.DangerousAddRef(ref held);
            return writer.Write(batch, next);
        }
        catch (KafkaSinkException exception)
        {
            Fail(exception);
            throw;
        }
        finally
        {
            if (held)
            {
                _client.Handle.DangerousRelease();
            }

            _writers.Enqueue(writer);
        }
    }

    private void OnProgress(bool settled)
    {
        if (settled)
        {
            _room.Set();
        }

        _flushes.Check();
    }

    private void Fail(KafkaSinkException exception)
    {
        _fault ??= exception;
        _faulted.TrySetException(_fault);
        _flushes.Fail(_fault);
        _room.Set();
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
        if (_fault is { } fault)
        {
            throw new KafkaSinkException(fault.Code, fault.Message);
        }
    }
}
