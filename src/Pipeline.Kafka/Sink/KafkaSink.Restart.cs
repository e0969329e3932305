namespace Pipeline.Kafka.Sink;

public sealed partial class KafkaSink
{
    /// <summary>Default of <see cref="LeaseTimeout"/>: 10 s.</summary>
    public static readonly TimeSpan DefaultLeaseTimeout = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _leaseTimeout = DefaultLeaseTimeout.Ticks;
    private bool _isPurged;
    private int _isDisposed;

    /// <summary>
    /// Nothing was acknowledged for <see cref="LeaseTimeout"/> though records wait for it: another may own our partitions by now. Who
    /// owns them purges, closes the sockets and claims again. Once an outage; raised on the delivery thread, so a handler must be quick.
    /// </summary>
    public event Action? Lost;

    /// <summary>How long acknowledgements may fail to come. Default <see cref="DefaultLeaseTimeout"/>.</summary>
    public TimeSpan LeaseTimeout
    {
        get => TimeSpan.FromTicks(Volatile.Read(ref _leaseTimeout));
        set => Volatile.Write(ref _leaseTimeout, value.Ticks);
    }

    /// <summary>How long nothing has been acknowledged of what was handed over; zero while all is well.</summary>
    public TimeSpan Outage => _run.Loop.Outage;

    /// <summary>
    /// Gives up everything that is not acknowledged, what waits included, and ends the producer: from here on nothing of this process
    /// reaches the log. Writes, flushes and control records that wait fail with the code <c>purged</c>, later ones at once. Counted as
    /// failed, never as acknowledged. Does nothing when it has happened already.
    /// </summary>
    public async Task PurgeAsync(CancellationToken cancellation = default)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (!_isPurged)
            {
                await CloseRunAsync(new KafkaSinkException("purged", "The Kafka producer was purged, and waits for its restart."));
                _isPurged = true;
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// Begins anew with another producer, after <see cref="PurgeAsync"/> or a fault, which it purges. Epochs are 0 and the ends of logs
    /// unknown until they are said again.
    /// </summary>
    /// <exception cref="KafkaClientException">A property is wrong.</exception>
    public async Task RestartAsync(CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        await PurgeAsync(cancellation);
        await _turn.WaitAsync(cancellation);
        try
        {
            if (!_isPurged || Volatile.Read(ref _isDisposed) != 0)
            {
                return;
            }

            for (var partition = 0; partition < _ledger.Shards.Length; partition++)
            {
                _epochs[partition] = 0;
            }

            _flushes.BeginAnew();
            _run = Run();
            _faulted = _faulted.Task.IsCompleted ? NewSignal() : _faulted;
            Volatile.Write(ref _fault, null);
            _isPurged = false;
            _run.Loop.Start();
        }
        finally
        {
            _turn.Release();
        }
    }

    private ProducerRun Run()
    {
        var client = new ProducerClient(_options, [.. _ledger.Topics.Select(topic => topic.Name)]);
        return new ProducerRun(client, new DeliveryLoop(client, _ledger, _controls, _metrics, _clock)
        {
            Progressed = OnProgress,
            Failed = Fail,
            Noticed = Tell,
            Lost = TellLost,
            LeaseTimeout = () => LeaseTimeout,
        });
    }

    private async Task CloseAsync(KafkaSinkException reason)
    {
        await _turn.WaitAsync();
        try
        {
            if (!_isPurged)
            {
                await CloseRunAsync(reason);
                _isPurged = true;
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task CloseRunAsync(KafkaSinkException reason)
    {
        // Whatever the reason was before, who comes now is told this one.
        Volatile.Write(ref _fault, reason);
        Interlocked.MemoryBarrier();
        EndWaits(reason);
        await _gate.WhenEmptyAsync();

        // Waits for threads of the library to end.
        var run = _run;
        await Blocking.RunAsync(() =>
        {
            run.Close();
            return true;
        });
        var waited = _lanes.All.Sum(lane => lane.Clear());
        if (waited > 0)
        {
            _metrics.Dropped("", "purged", waited);
        }

        _ledger.BeginAnew();
    }

    private void TellLost()
    {
        try
        {
            Lost?.Invoke();
        }
        catch (Exception)
        {
            // As in Tell.
        }
    }

    private void EndWaits(KafkaSinkException reason)
    {
        _flushes.Fail(reason);
        _controls.Fail(reason);
        _room.Set();
    }

    /// <summary>What waited for acknowledgements goes, when they have come. On a thread of the pool; must not throw.</summary>
    private void Release(SinkLane lane)
    {
        // Ended meanwhile: what waits is let go by who ended it.
        if (!TryEnter(out _))
        {
            return;
        }

        var run = _run;
        var writer = Rent(run);
        try
        {
            if (writer.Release(lane))
            {
                // For those who wait for room among what waits, or for all of it to be through.
                _room.Set();
            }
        }
        catch (KafkaSinkException exception)
        {
            Fail(exception);
        }
        catch (Exception exception)
        {
            Fail(new KafkaSinkException("internal", $"A record that waited cannot be written: {exception.Message}"));
        }
        finally
        {
            GiveBack(writer, run);
        }
    }
}
