using System.Threading.Channels;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Kafka.Reader;
using Pipeline.Kafka.Records;
using Pipeline.Kafka.Sink;
using Pipeline.Kafka.State;

namespace Pipeline.Kafka.Ownership;

/// <summary>
/// Owns partitions for one collector: the shell around a <see cref="PartitionOwnership"/> for each. One loop handles what was read, what
/// was acknowledged and the time; nothing is shared with other threads but <see cref="MayWrite"/>.
/// </summary>
public sealed partial class PartitionOwner : IAsyncDisposable
{
    // On the embedded broker old records go: the id of the log is written again before it would.
    private const long LogIdEvery = 600_000_000;

    private readonly Channel<Action<long>> _events = Channel.CreateUnbounded<Action<long>>(new UnboundedChannelOptions { SingleReader = true });
    private readonly TaskCompletionSource _reading = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<OwnershipLoss> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ending = new();
    private readonly List<OwnerEffect> _effects = [];
    private readonly PartitionOwnership[] _machines;
    private readonly StateTable[] _tables;
    private readonly long[] _positions;
    private readonly IOwnerLog _log;
    private readonly TimeProvider _time;
    private readonly string _instance;
    private readonly string _process = Guid.NewGuid().ToString("N");
    private readonly Action<string> _tell;
    private Task _running = Task.CompletedTask;
    private Task _following = Task.CompletedTask;
    private readonly List<(int Partition, long Until, TaskCompletionSource Done)> _catchUps = [];
    private long _mayWriteUntil = long.MinValue;
    private string? _logId;
    private long _logIdDue;
    private bool _isRead;
    private bool _isEnding;

    /// <param name="instance">The collector's name.</param>
    /// <param name="tell">Told what is waited for, and records that cannot be read; to be quick.</param>
    public PartitionOwner(
        IOwnerLog log, string instance, int partitions, RestartOptions options, LogInstruments instruments, TimeProvider time, Action<string> tell)
    {
        ArgumentNullException.ThrowIfNull(time);
        _log = log;
        _instance = instance;
        _time = time;
        _tell = tell;
        _machines = [.. Enumerable.Range(0, partitions).Select(n => new PartitionOwnership(n, instance, _process, options))];
        _tables = [.. Enumerable.Range(0, partitions).Select(n => new StateTable(n, instruments, tell))];
        _positions = [.. Enumerable.Repeat(-1L, partitions)];
    }

    /// <summary>Completes when partitions are not ours any more; once.</summary>
    public Task<OwnershipLoss> Lost => _lost.Task;

    /// <summary>True while nobody else can own the partitions: asked before every hand-over, by any thread.</summary>
    public bool MayWrite => Now < Volatile.Read(ref _mayWriteUntil);

    /// <summary>Random, written once, the same for all who read this log. Known once <see cref="ClaimAsync"/> is through.</summary>
    public string LogId => _logId ?? throw new InvalidOperationException("The log has not been read yet.");

    /// <summary>Microseconds of a clock that no one sets.</summary>
    public long Now => (long)_time.GetElapsedTime(0).TotalMicroseconds;

    /// <summary>Claims the partitions; completes when nobody writes to them any more and what they say is read.</summary>
    /// <exception cref="KafkaClientException">No broker answers.</exception>
    /// <exception cref="PartitionsLostException">Another has claimed them meanwhile, or the brokers went away.</exception>
    public async Task<IReadOnlyList<StateTable>> ClaimAsync(CancellationToken cancellation)
    {
        _running = RunAsync();
        Post(now => Array.ForEach(_machines, machine => Step(machine, one => one.Begin(now, _effects))));

        // The log is read from its beginning beside the claim: when that is read, everything before it was.
        _following = FollowAsync();
        await EitherAsync(_reading.Task, cancellation);
        var bounds = await _log.BoundsAsync();
        await EitherAsync(CatchUpAsync(bounds), cancellation);
        _logId = _tables[0].LogId;
        if (_logId is null)
        {
            _logId = Guid.NewGuid().ToString("N");
            await EitherAsync(WriteLogIdAsync(), cancellation);
        }

        return _tables;
    }

    /// <summary>State and tails are read: from here on the partitions may be written.</summary>
    /// <returns>The epochs, by partition.</returns>
    /// <exception cref="PartitionsLostException">They were lost while it was read.</exception>
    public async Task<IReadOnlyList<long>> OwnAsync(CancellationToken cancellation)
    {
        var done = new TaskCompletionSource<IReadOnlyList<long>>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(_ =>
        {
            Array.ForEach(_machines, machine => machine.TailRead());
            _isRead = true;
            UpdateLease();
            done.SetResult([.. _machines.Select(machine => machine.Epoch)]);
        });
        await EitherAsync(done.Task, cancellation);
        return await done.Task;
    }

    /// <summary>No acknowledgement has come for the lease, whatever our own records say: others may own the partitions by now.</summary>
    public void TellLost(string reason) => Post(_ => Lose(new OwnershipLoss(reason, IsTakenOver: false)));

    /// <summary>Everything is flushed: says that nothing more will come. Completes when that is acknowledged.</summary>
    public async Task ReleaseAsync(CancellationToken cancellation)
    {
        var writing = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(_ =>
        {
            Volatile.Write(ref _mayWriteUntil, long.MinValue);
            _isEnding = true;
            var effects = new List<OwnerEffect>();
            var released = new List<Task>();
            foreach (var machine in _machines.Where(machine => _keeper is not null || machine.Phase == OwnerPhase.Owning))
            {
                machine.Unwant([]);
                var ends = machine.Phase == OwnerPhase.Owning ? _log.EndsOf(machine.Partition) : default;
                machine.Release(effects);
                if (effects.Remove(OwnerEffect.WriteReleased))
                {
                    released.Add(WriteAsync(machine, OwnerKind.Released, ends));
                }
            }

            writing.SetResult(Task.WhenAll(released));
        });
        await (await writing.Task.WaitAsync(cancellation)).WaitAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _mayWriteUntil, long.MinValue);
        await _ending.CancelAsync();
        _events.Writer.TryComplete();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }

    private void Post(Action<long> work) => _events.Writer.TryWrite(work);

    private async Task EitherAsync(Task wanted, CancellationToken cancellation)
    {
        var first = await Task.WhenAny(wanted, _lost.Task).WaitAsync(cancellation);
        if (first == _lost.Task && !wanted.IsCompleted)
        {
            throw new PartitionsLostException("The partitions cannot be claimed", await _lost.Task);
        }

        await wanted;
    }

    private async Task RunAsync()
    {
        try
        {
            while (!_ending.IsCancellationRequested)
            {
                var waiting = _events.Reader.WaitToReadAsync(_ending.Token).AsTask();
                await WaitAsync(waiting);

                // The clock first: who has slept must know it before anything else.
                Array.ForEach(_machines, machine => Step(machine, one => one.Tick(Now, _effects)));
                while (_events.Reader.TryRead(out var work))
                {
                    work(Now);
                }

                UpdateLease();
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The normal end.
        }
        catch (Exception error)
        {
            Lose(new OwnershipLoss($"ownership has failed: {error.Message}", IsTakenOver: false));
        }
    }

    private async Task WaitAsync(Task<bool> waiting)
    {
        var deadline = _machines.Min(machine => machine.NextDeadline);
        if (deadline == long.MaxValue)
        {
            await waiting;
            return;
        }

        // A millisecond late at most: timers count whole ones.
        var wait = TimeSpan.FromMilliseconds(Math.Max(0, (deadline - Now + 999) / 1000));
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
        await Task.WhenAny(waiting, Task.Delay(wait, _time, timer.Token));
        await timer.CancelAsync();
    }

    private async Task FollowAsync()
    {
        try
        {
            await foreach (var record in _log.FollowAsync(_ending.Token))
            {
                Post(now => Take(record, now));
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The normal end.
        }
        catch (Exception error)
        {
            Post(_ => Lose(new OwnershipLoss($"the log of owners cannot be read: {error.Message}", IsTakenOver: false)));
        }
    }

    private void Take(KafkaRecord record, long now)
    {
        var machine = _machines[record.Partition];
        if (!_isRead)
        {
            _tables[record.Partition].Note(record);
        }

        _positions[record.Partition] = record.Offset;
        if (record is { KeyText: StateKeys.Owner, Value: { Length: > 0 } value })
        {
            try
            {
                var owner = OwnerRecord.Read(value);
                Step(machine, one => one.Read(record.Offset, owner, now, _effects));
            }
            catch (RecordFormatException error)
            {
                _tell($"{record.Topic} {record.Partition} offset {record.Offset}: {error.Message}");
            }
        }

        NoteLogId();
        LookWhetherCaughtUp();
    }

    private Task CatchUpAsync(IReadOnlyDictionary<int, (long Low, long High)> bounds) => Task.WhenAll(
        bounds.Where(one => one.Key < _machines.Length && one.Value.High > one.Value.Low).Select(one => CatchUpAsync(one.Key, one.Value.High - 1)));

    /// <summary>Completes when the record at that offset has been read.</summary>
    private Task CatchUpAsync(int partition, long until)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(_ =>
        {
            _catchUps.Add((partition, until, done));
            LookWhetherCaughtUp();
        });
        return done.Task;
    }

    private void LookWhetherCaughtUp()
    {
        for (var i = _catchUps.Count - 1; i >= 0; i--)
        {
            if (_positions[_catchUps[i].Partition] >= _catchUps[i].Until)
            {
                _catchUps[i].Done.TrySetResult();
                _catchUps.RemoveAt(i);
            }
        }
    }

    private void Step(PartitionOwnership machine, Action<PartitionOwnership> step)
    {
        var before = machine.Phase;
        step(machine);
        foreach (var effect in _effects)
        {
            Do(machine, effect);
        }

        _effects.Clear();
        if (machine.Phase == OwnerPhase.Waiting && before != OwnerPhase.Waiting)
        {
            _tell($"partition {machine.Partition} is {machine.Other}'s: waiting for it to end");
        }
    }

    private void Do(PartitionOwnership machine, OwnerEffect effect)
    {
        switch (effect)
        {
            case OwnerEffect.WriteClaim:
                Watch(ClaimAsync(machine), "the claim");
                break;
            case OwnerEffect.WriteAlive:
                Watch(SignAsync(machine), "the sign of life");
                break;
            case OwnerEffect.WriteReleased:
                // Nothing was written under it.
                Watch(WriteAsync(machine, OwnerKind.Released, default(PartitionEnds)), "the release");
                break;
            case OwnerEffect.Prepare:
                _keeper!.Prepare(machine.Partition);
                break;
            case OwnerEffect.LetGo:
                _keeper!.LetGo(machine.Partition);
                break;
            case OwnerEffect.ReadTail when _keeper is not null:
                _keeper.Read(new PartitionClaim(machine.Partition, machine.Epoch, machine.TakenBy, machine.SilentSince, Now, EndsBefore(machine)));
                break;
            case OwnerEffect.Stop when _keeper is not null && machine.Phase == OwnerPhase.Owning:
                UpdateLease();
                _keeper.Stop(machine.Partition, machine.Other ?? "another");
                break;
            case OwnerEffect.Stop when _keeper is not null:
                _keeper.LetGo(machine.Partition);
                break;
            case OwnerEffect.ReadTail when Array.TrueForAll(_machines, one => one.Phase == OwnerPhase.Reading):
                _reading.TrySetResult();
                break;
            case OwnerEffect.Stop:
                Lose(new OwnershipLoss($"{machine.Other} has claimed partition {machine.Partition}", IsTakenOver: true));
                break;
            case OwnerEffect.Lose:
                Lose(new OwnershipLoss($"nothing was acknowledged in partition {machine.Partition} of the state for the lease", IsTakenOver: false));
                break;
        }
    }

    private void Lose(OwnershipLoss loss)
    {
        Volatile.Write(ref _mayWriteUntil, long.MinValue);
        _lost.TrySetResult(loss);
    }

    private async Task ClaimAsync(PartitionOwnership machine)
    {
        var offset = await WriteAsync(machine, OwnerKind.Claim);
        Post(now => machine.Claimed(offset, now));
    }

    private async Task SignAsync(PartitionOwnership machine)
    {
        var written = Now;
        await WriteAsync(machine, OwnerKind.Alive);
        Post(_ => machine.Acknowledged(written));
        if (machine.Partition == 0 && _logId is not null && written >= _logIdDue)
        {
            await WriteLogIdAsync();
        }
    }

    private Task<long> WriteLogIdAsync()
    {
        _logIdDue = Now + LogIdEvery;
        return _log.WriteAsync(0, StateKeys.Log, LogRecord.Write(_logId!, MarketTime.Now(_time)), RecordSchema.Log, _ending.Token);
    }

    private Task<long> WriteAsync(PartitionOwnership machine, OwnerKind kind) => WriteAsync(machine, kind, _log.EndsOf(machine.Partition));

    private Task<long> WriteAsync(PartitionOwnership machine, OwnerKind kind, PartitionEnds ends)
    {
        var epoch = kind == OwnerKind.Claim ? 0 : Math.Max(0, machine.Epoch);
        var record = new OwnerRecord(kind, _instance, _process, epoch, MarketTime.Now(_time), ends);
        return _log.WriteAsync(machine.Partition, StateKeys.Owner, record.Write(), RecordSchema.Owner, _ending.Token);
    }

    private void Watch(Task writing, string what) => _ = writing.ContinueWith(
        failed => Post(_ => Lose(new OwnershipLoss($"{what} cannot be written: {failed.Exception!.InnerException!.Message}", IsTakenOver: false))),
        _ending.Token,
        TaskContinuationOptions.OnlyOnFaulted,
        TaskScheduler.Default);

    private void UpdateLease()
    {
        if (!_lost.Task.IsCompleted && !_isEnding)
        {
            var owned = _keeper is null ? _machines : _machines.Where(machine => machine.IsOwned);
            Volatile.Write(ref _mayWriteUntil, owned.Select(machine => machine.MayWriteUntil).DefaultIfEmpty(long.MaxValue).Min());
        }

        _standings = [.. _machines.Select(Describe)];
    }
}
