using Pipeline.Core.Topology;
using Pipeline.Kafka.Ownership;
using Pipeline.Kafka.Records;
using Pipeline.Kafka.State;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Kafka.Ownership;

public sealed class PartitionOwnerTests : IAsyncLifetime, IDisposable
{
    private readonly MemoryOwnerLog _log = new();
    private readonly TestTimeProvider _time = new();
    private readonly RestartOptions _options = new();

    private readonly CancellationTokenSource _bound = new(RealTime.Bound);
    private PartitionOwner? _owner;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await (_owner?.DisposeAsync() ?? default);

    public void Dispose() => _bound.Dispose();

    [Fact]
    public async Task ClaimAsync_NobodyWasThere_TheLogHasAnIdAndThePartitionsMayBeWritten()
    {
        var owner = Make(partitions: 2);

        await owner.ClaimAsync(_bound.Token);
        Assert.False(owner.MayWrite);
        Assert.Equal([0, 0], await owner.OwnAsync(_bound.Token));

        Assert.True(owner.MayWrite);
        Assert.NotEmpty(owner.LogId);
    }

    [Fact]
    public async Task ClaimAsync_AnotherClaimsMeanwhile_IsTakenOver()
    {
        var owner = Make(partitions: 2);
        _log.Unread.Add(1);

        var claiming = owner.ClaimAsync(_bound.Token);
        await _log.WrittenAsync(StateKeys.Owner);
        _log.Claim(0, "b");

        var error = await Assert.ThrowsAsync<PartitionsLostException>(() => claiming.WaitAsync(_bound.Token));
        Assert.True(error.Loss.IsTakenOver);
        Assert.Equal("The partitions cannot be claimed: b has claimed partition 0.", error.Message);
    }

    [Fact]
    public async Task ClaimAsync_NothingIsAcknowledgedForTheLease_MayBeClaimedAgain()
    {
        var owner = Make();
        _log.Unacknowledged.Add(StateKeys.Owner);
        _log.Unread.Add(0);

        var claiming = owner.ClaimAsync(_bound.Token);
        await _log.WrittenAsync(StateKeys.Owner);

        // It may begin to wait after the first of these.
        while (!claiming.IsCompleted)
        {
            _time.Advance(_options.LeaseTimeout);
            await Task.WhenAny(claiming, Task.Delay(1, _bound.Token));
            _bound.Token.ThrowIfCancellationRequested();
        }

        var error = await Assert.ThrowsAsync<PartitionsLostException>(() => claiming);
        Assert.False(error.Loss.IsTakenOver);
    }

    [Fact]
    public async Task ClaimAsync_TheIdOfTheLogIsNotAcknowledged_CanBeEnded()
    {
        var owner = Make();
        _log.Unacknowledged.Add(StateKeys.Log);
        using var ending = new CancellationTokenSource();

        var claiming = owner.ClaimAsync(ending.Token);
        await _log.WrittenAsync(StateKeys.Log).WaitAsync(_bound.Token);
        await ending.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => claiming.WaitAsync(_bound.Token));
        Assert.Equal(ending.Token, error.CancellationToken);
    }

    [Fact]
    public async Task OwnershipHasFailed_NothingThatIsAskedOfItWaitsForEver()
    {
        // Told that it waits for another, whoever listens throws: the loop is over.
        _log.Claim(0, "b");
        var owner = Make(tell: _ => throw new InvalidOperationException("nobody listens"));
        using var ending = new CancellationTokenSource();

        await Assert.ThrowsAsync<PartitionsLostException>(() => owner.ClaimAsync(_bound.Token));
        var error = await Assert.ThrowsAsync<PartitionsLostException>(() => owner.OwnAsync(_bound.Token).WaitAsync(_bound.Token));
        Assert.Equal("ownership has failed: nobody listens", error.Loss.Reason);
        var releasing = owner.ReleaseAsync(ending.Token);
        await ending.CancelAsync();

        var ended = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => releasing.WaitAsync(_bound.Token));
        Assert.Equal(ending.Token, ended.CancellationToken);
    }

    private PartitionOwner Make(int partitions = 1, Action<string>? tell = null) => _owner = new PartitionOwner(
        _log, "a", partitions, _options, new LogInstruments(_ => null, []), _time, tell ?? (_ => { }));
}
