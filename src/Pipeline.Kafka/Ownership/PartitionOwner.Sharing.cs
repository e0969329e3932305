using Pipeline.Kafka.Records;
using Pipeline.Kafka.Sink;
using Pipeline.Kafka.State;

namespace Pipeline.Kafka.Ownership;

/// <summary>Partitions that come and go one by one.</summary>
public sealed partial class PartitionOwner
{
    private IPartitionKeeper? _keeper;
    private volatile IReadOnlyList<PartitionStanding> _standings = [];

    /// <summary>All partitions, as of now. Safe from any thread.</summary>
    public IReadOnlyList<PartitionStanding> Standings => _standings;

    /// <summary>What is about no partition may be written from now on: partitions will be shared.</summary>
    public void ExpectSharing() => Volatile.Write(ref _mayWriteUntil, long.MaxValue);

    /// <summary>
    /// Begins to follow who owns what, and claims nothing; completes when the log has been read to its end.
    /// </summary>
    /// <exception cref="KafkaClientException">No broker answers.</exception>
    /// <exception cref="PartitionsLostException">The log cannot be read.</exception>
    public async Task ShareAsync(IPartitionKeeper keeper, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(keeper);
        var bounds = await _log.BoundsAsync();
        _keeper = keeper;
        _running = RunAsync();
        _following = FollowAsync();
        await EitherAsync(CatchUpAsync(bounds), cancellation);
    }

    /// <summary>Which partitions are to be ours from now on.</summary>
    public void Assign(IReadOnlySet<int> partitions) => Post(now =>
    {
        foreach (var machine in _machines)
        {
            // After the end, or what was lost: nothing is wanted any more.
            var isWanted = partitions.Contains(machine.Partition) && !_isEnding && !_lost.Task.IsCompleted;
            Step(machine, one =>
            {
                if (isWanted)
                {
                    one.Want(now, _effects);
                }
                else
                {
                    one.Unwant(_effects);
                }
            });
        }
    });

    /// <summary>What the partition's streams bring is held from now on.</summary>
    public void Prepared(int partition) => Post(now => Step(_machines[partition], one => one.Prepared(now, _effects)));

    /// <summary>What the state says of the partitions, once all of it has been read that was there when this was called.</summary>
    /// <exception cref="KafkaClientException">No broker answers.</exception>
    /// <exception cref="PartitionsLostException">They were lost meanwhile.</exception>
    public async Task<IReadOnlyList<StateTable>> ReadTablesAsync(IReadOnlyList<PartitionClaim> claims, CancellationToken cancellation)
    {
        // Who releases a partition writes nothing behind that, and it has been read. Who was silent may have written until now.
        if (claims.Any(claim => claim.TakenBy is TakeOver.Lease or TakeOver.Restart))
        {
            var bounds = await _log.BoundsAsync();
            await EitherAsync(
                CatchUpAsync(bounds.Where(one => claims.Any(claim => claim.Partition == one.Key)).ToDictionary()), cancellation);
        }

        var done = new TaskCompletionSource<IReadOnlyList<StateTable>>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(_ =>
        {
            // Read here, where they are noted.
            var tables = claims.Select(claim => _tables[claim.Partition]).ToList();
            tables.ForEach(table => table.ReadAll());
            done.SetResult(tables);
        });
        await EitherAsync(done.Task, cancellation);
        return await done.Task;
    }

    /// <summary>State and tails are read: from here on the partition may be written. False when another has claimed it meanwhile.</summary>
    public async Task<bool> OwnAsync(PartitionClaim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(_ =>
        {
            var machine = _machines[claim.Partition];
            if (machine.Epoch == claim.Epoch)
            {
                machine.TailRead();
            }

            UpdateLease();
            done.SetResult(machine.Epoch == claim.Epoch && machine.IsOwned);
            MakeLogId(machine);
        });
        return await await Task.WhenAny(done.Task, EndedAsync());
    }

    /// <summary>Everything of the partition is flushed: says that nothing more will come. Completes when that is acknowledged.</summary>
    public async Task FlushedAsync(int partition, CancellationToken cancellation)
    {
        var writing = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(_ =>
        {
            var machine = _machines[partition];
            var effects = new List<OwnerEffect>();
            machine.Flushed(effects);
            writing.SetResult(effects.Contains(OwnerEffect.WriteReleased) ? WriteAsync(machine, OwnerKind.Released) : Task.CompletedTask);
        });
        await (await writing.Task.WaitAsync(cancellation)).WaitAsync(cancellation);
    }

    /// <summary>The newest checkpoint of a partition; null when there is none.</summary>
    public async Task<CheckpointMarker?> MarkerAsync(int partition, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource<CheckpointMarker?>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(_ => done.SetResult(_tables[partition].Marker));
        return await done.Task.WaitAsync(cancellation);
    }

    private static PartitionEnds? EndsBefore(PartitionOwnership machine) =>
        machine.TakenBy == TakeOver.Planned && PrefetchedTails.Suffices(machine.ReleasedEnds) ? machine.ReleasedEnds : null;

    private async Task<bool> EndedAsync()
    {
        await _lost.Task;
        return false;
    }

    private PartitionStanding Describe(PartitionOwnership machine) => new(
        machine.Partition,
        machine.Phase,
        machine.IsOwned ? _instance : machine.HasOthers ? machine.Other : null,
        machine.IsWanted,
        machine.Epoch);

    private void NoteLogId()
    {
        if (_keeper is not null && _logId is null && _tables[0].LogId is { } known)
        {
            _logId = known;
            _keeper.SetLogId(known);
        }
    }

    /// <summary>Who has the first partition writes the id of a log that has none.</summary>
    private void MakeLogId(PartitionOwnership machine)
    {
        if (machine.Partition == 0 && machine.IsOwned && _logId is null)
        {
            _logId = Guid.NewGuid().ToString("N");
            _keeper!.SetLogId(_logId);
            Watch(WriteLogIdAsync(), "the id of the log");
        }
    }
}
