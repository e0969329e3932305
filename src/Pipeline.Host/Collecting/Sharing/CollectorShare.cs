using System.Threading.Channels;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Core.Restart;
using Pipeline.Kafka.Ownership;
using Pipeline.Kafka.Sink;

namespace Pipeline.Host.Collecting.Sharing;

/// <summary>
/// The partitions of one collector of a group, as they come and go: streams, gates of the graph, restored state and the sink follow what
/// ownership decides. What concerns one partition happens one after the other; partitions that come together are read together.
/// </summary>
internal sealed class CollectorShare : IPartitionKeeper, IAsyncDisposable
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    private readonly Channel<(int Partition, bool Comes, TaskCompletionSource Done)> _gates =
        Channel.CreateUnbounded<(int, bool, TaskCompletionSource)>(new UnboundedChannelOptions { SingleReader = true });

    private readonly GuardedTasks _tasks = new();
    private readonly Lock _gained = new();
    private readonly ShareParts _parts;
    private readonly PartitionGroup _group;
    private readonly StreamPlans _plans;
    private readonly TailsAlong _tails;
    private readonly ClaimReader _claims;
    private readonly SemaphoreSlim[] _turns;
    private readonly Task[] _held;
    private readonly int[] _wishes;
    private readonly bool[] _isOpen;
    private IReadOnlySet<int> _assigned = new HashSet<int>();
    private volatile bool _isLeaving;

    /// <param name="feeds">The feeds of the venues that are collected from.</param>
    public CollectorShare(ShareParts parts, PartitionGroup group, Func<IReadOnlyList<VenueFeedStatistics>> feeds)
    {
        _parts = parts;
        _group = group;
        _plans = new StreamPlans(parts.Venues, feeds, parts.Time);
        _tails = new TailsAlong(parts);
        _claims = new ClaimReader(parts, _tails, _tasks, OpenInTurnAsync);
        var partitions = parts.Topology.Kafka.Partitions;
        _turns = [.. Enumerable.Range(0, partitions).Select(_ => new SemaphoreSlim(1, 1))];
        _held = [.. Enumerable.Repeat(Task.CompletedTask, partitions)];
        _wishes = new int[partitions];
        _isOpen = new bool[partitions];
    }

    /// <summary>Fails when partitions cannot be followed any more; does not complete otherwise.</summary>
    public Task Failure => _tasks.Failure;

    /// <summary>All partitions, as of now.</summary>
    public IReadOnlyList<PartitionStanding> Standings => _parts.Owner.Standings;

    /// <summary>Why not everything is ours that should be; null when it is.</summary>
    public string? Missing
    {
        get
        {
            var missing = Standings.Where(one => one.IsWanted && one.Phase != OwnerPhase.Owning).ToList();
            return !_group.IsAnswered
                ? "the group has not said yet which partitions are ours"
                : missing.Count == 0
                    ? null
                    : string.Join("; ", missing.Take(Readiness.MostNamed).Select(one =>
                        $"partition {one.Partition}: {one.Phase.ToString().ToLowerInvariant()}{(one.Owner is { } owner ? $", {owner} has it" : "")}"));
        }
    }

    private int Owned => Standings.Count(one => one.Phase == OwnerPhase.Owning);

    private bool KnowsOthers => Standings.Any(one => one.Owner is not null && one.Phase != OwnerPhase.Owning);

    /// <summary>Begins to follow who owns what, and to take over what the group says.</summary>
    public void Begin()
    {
        _tasks.Run(FollowGatesAsync);
        _tasks.Run(_plans.FollowAsync);
        _tasks.Run(_claims.FollowAsync);
        _tasks.Run(async cancellation =>
        {
            await _parts.Owner.ShareAsync(this, cancellation);
            _group.Tell(Assign);
        });
    }

    void IPartitionKeeper.Prepare(int partition)
    {
        var held = Turn(partition, comes: true);
        Volatile.Write(ref _held[partition], held);
        var wish = Interlocked.Increment(ref _wishes[partition]);
        _tasks.Run(cancellation => PrepareAsync(partition, wish, held, cancellation));
    }

    void IPartitionKeeper.LetGo(int partition) => LetGo(partition);

    void IPartitionKeeper.Read(PartitionClaim claim) => _claims.Take(claim);

    void IPartitionKeeper.Stop(int partition, string other) => _tasks.Run(cancellation => StopAsync(partition, other, cancellation));

    void IPartitionKeeper.SetLogId(string logId) => _parts.Kafka.LogId = logId;

    /// <summary>
    /// Leaves the group and goes on writing until others have taken everything over, where there are others, for as long as that is
    /// waited for.
    /// </summary>
    public async Task HandOverAsync(CancellationToken cancellation)
    {
        _isLeaving = true;
        var patience = _parts.Topology.Restart.HandOverTimeout;
        await _group.LeaveAsync();
        if (Owned == 0 || !KnowsOthers)
        {
            return;
        }

        CollectorLog.PartitionsLeaving(_parts.Log, Owned);
        var started = _parts.Time.GetTimestamp();
        while (Owned > 0 && !_parts.Owner.Lost.IsCompleted && !Failure.IsCompleted)
        {
            if (_parts.Time.GetElapsedTime(started) > patience)
            {
                CollectorLog.PartitionsNotTaken(_parts.Log, Owned, patience.TotalSeconds);
                return;
            }

            await Task.Delay(LookInterval, _parts.Time, cancellation);
        }
    }

    /// <summary>Nothing comes any more; what is given away still is.</summary>
    public async ValueTask DisposeAsync()
    {
        _group.Tell(null);
        await _tasks.DisposeAsync();
        for (var partition = 0; partition < _isOpen.Length; partition++)
        {
            await _tails.EndAsync(partition);
        }

        _parts.Metrics.PartitionsGone("ended", _isOpen.Count(one => one));
    }

    private void Assign(IReadOnlySet<int> partitions)
    {
        if (!_isLeaving && !partitions.SetEquals(_assigned))
        {
            _assigned = partitions;
            var list = partitions.Count == 0 ? "none" : string.Join(", ", partitions.Order());
            CollectorLog.PartitionsAssigned(
                _parts.Log, _parts.Topology.Restart.Group!, partitions.Count, _parts.Topology.Kafka.Partitions, list);
        }

        _parts.Owner.Assign(partitions);
    }

    private void LetGo(int partition)
    {
        Interlocked.Increment(ref _wishes[partition]);
        Turn(partition, comes: false);
    }

    /// <summary>Turns a partition's gate; completes when that is done.</summary>
    private Task Turn(int partition, bool comes)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _gates.Writer.TryWrite((partition, comes, done));
        return done.Task;
    }

    /// <summary>Gates follow at once and in order; streams after them, all that have changed together.</summary>
    private async Task FollowGatesAsync(CancellationToken cancellation)
    {
        await foreach (var (partition, comes, done) in _gates.Reader.ReadAllAsync(cancellation))
        {
            await InTurnAsync(partition, token => comes ? _parts.Graph.HoldAsync(partition, token) : CloseAsync(partition, token), cancellation);
            _parts.Taken[partition] = comes;
            _plans.Change();
            done.TrySetResult();
        }
    }

    /// <summary>Says that a partition is prepared once every stream that is wished for is confirmed.</summary>
    private async Task PrepareAsync(int partition, int wish, Task held, CancellationToken cancellation)
    {
        await held.WaitAsync(cancellation);
        await _tails.BeginAsync(partition, cancellation);
        if (await _plans.WhenReadyAsync(() => Volatile.Read(ref _wishes[partition]) == wish, cancellation))
        {
            _parts.Owner.Prepared(partition);
        }
    }

    private async Task OpenInTurnAsync(
        PartitionClaim claim, (RestoredPartition Partition, PartitionEnds Ends) restored, TimeSpan took, CancellationToken cancellation)
    {
        // What is to be held is held by then, and what was before is forgotten.
        await Volatile.Read(ref _held[claim.Partition]).WaitAsync(cancellation);
        await InTurnAsync(claim.Partition, token => OpenAsync(claim, restored, took, token), cancellation);
    }

    private async Task OpenAsync(
        PartitionClaim claim, (RestoredPartition Partition, PartitionEnds Ends) restored, TimeSpan took, CancellationToken cancellation)
    {
        if (!await _parts.Owner.OwnAsync(claim).WaitAsync(cancellation))
        {
            return;
        }

        var partition = claim.Partition;
        _parts.Kafka.SetEpoch(partition, claim.Epoch);
        _parts.Kafka.SetEnds(partition, restored.Ends);
        _parts.States.Replace(restored.Partition);
        await _parts.Sink.OpenAsync(partition, restored.Ends, cancellation);
        await MissingRecords.WriteAsync(restored.Partition, _parts.Sink, _parts.Topology.Graph.Lanes, cancellation);

        // What was said while its owner wrote it has said, too.
        var since = claim.TakenBy == TakeOver.Planned ? MarketTime.Now(_parts.MarketClock) - (_parts.Owner.Now - claim.SilentSince) : 0;
        await _parts.Graph.OpenAsync(partition, since, cancellation);
        _isOpen[partition] = true;
        TellGained(claim, took);
        await _tails.EndAsync(partition);
    }

    private void TellGained(PartitionClaim claim, TimeSpan took)
    {
        var how = claim.TakenBy.ToString().ToLowerInvariant();
        var silence = _parts.Owner.Now - claim.SilentSince;

        // Partitions come side by side, and the figure is for one writer.
        lock (_gained)
        {
            _parts.Metrics.PartitionGained(how, claim.TakenBy == TakeOver.Free ? null : silence, _parts.Owner.Now);
        }

        CollectorLog.PartitionGained(
            _parts.Log, claim.Partition, _parts.Topology.Collector.Name, claim.Epoch, how, silence / 1000.0, (claim.At - claim.SilentSince) / 1000.0,
            took.TotalMilliseconds);
    }

    private async Task StopAsync(int partition, string other, CancellationToken cancellation)
    {
        var started = _parts.Time.GetTimestamp();
        await InTurnAsync(
            partition,
            async token =>
            {
                await _parts.Sink.CloseAsync(partition, token);
                await _parts.Sink.FlushAsync(token);

                // Before it can be wanted again: what is prepared then comes after this.
                LetGo(partition);
                await _parts.Owner.FlushedAsync(partition, token);
            },
            cancellation);
        _parts.Metrics.PartitionsGone("given", 1);
        CollectorLog.PartitionGiven(_parts.Log, partition, other, _parts.Time.GetElapsedTime(started).TotalMilliseconds);
    }

    /// <summary>What comes of the partition is passed over, and nothing of it is read along.</summary>
    private async Task CloseAsync(int partition, CancellationToken cancellation)
    {
        _isOpen[partition] = false;
        await _tails.EndAsync(partition);
        await _parts.Graph.LeaveAsync(partition, cancellation);
    }

    /// <summary>What concerns a partition happens one after the other; what waits for its hold to be through waits here.</summary>
    private async Task InTurnAsync(int partition, Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        await _turns[partition].WaitAsync(cancellation);
        try
        {
            await work(cancellation);
        }
        finally
        {
            _turns[partition].Release();
        }
    }
}
