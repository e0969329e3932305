using Pipeline.Core.Feeds.Pooling;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Feeds.Pooling;

public sealed class RotationCoordinatorTests
{
    private readonly Dictionary<string, TaskCompletionSource<RotationOutcome>> _running = [];
    private readonly List<string> _begun = [];
    private readonly List<string> _done = [];
    private readonly RotationCoordinator _coordinator;

    public RotationCoordinatorTests()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        _coordinator = new RotationCoordinator(
            new TestTimeProvider(),
            (connection, cause) =>
            {
                _begun.Add($"{connection} {cause}");
                _running.TryAdd(connection, new TaskCompletionSource<RotationOutcome>());
                return _running[connection].Task;
            },
            (cause, outcome) => _done.Add($"{outcome.Connection} {cause} {outcome.IsDone}"));
    }

    [Fact]
    public void PlannedOnes_FollowEachOther()
    {
        _ = _coordinator.RotateAsync("a", RotationCause.Age);
        _ = _coordinator.RotateAsync("b", RotationCause.Requested);
        _ = _coordinator.RotateAsync("c", RotationCause.Age);
        Assert.Equal(["a Age"], _begun);

        End("a");
        Assert.Equal(["a Age", "b Requested"], _begun);
        End("b");
        End("c");

        Assert.Equal(["a Age True", "b Requested True", "c Age True"], _done);
        Assert.Equal(0, _coordinator.Running);
    }

    [Fact]
    public void AnnouncedOnes_BeginAtOnce_TheOneThatWaitsToo()
    {
        _ = _coordinator.RotateAsync("a", RotationCause.Age);
        var waiting = _coordinator.RotateAsync("b", RotationCause.Age);
        var announced = new[] { "a", "b", "c" }.Select(name => _coordinator.RotateAsync(name, RotationCause.Announced)).ToList();

        // The one that runs already is told as well: it may be at the first of two legs.
        Assert.Equal(["a Age", "a Announced", "b Announced", "c Announced"], _begun);
        _ = _coordinator.RotateAsync("a", RotationCause.Announced);
        Assert.Same(waiting, announced[1]);
        _ = _coordinator.RotateAsync("d", RotationCause.Requested);
        End("a");
        End("c");
        Assert.Equal(4, _begun.Count);
        End("b");
        Assert.Equal("d Requested", _begun[^1]);
    }

    [Fact]
    public async Task FailedOne_IsAnOutcome_AndTheNextBegins()
    {
        var first = _coordinator.RotateAsync("a", RotationCause.Age);
        _ = _coordinator.RotateAsync("b", RotationCause.Age);
        _running["a"].SetException(new InvalidOperationException("It broke."));

        var outcome = await first.WaitAsync(RealTime.Bound);
        Assert.Equal((false, "It broke."), (outcome.IsDone, outcome.Reason));
        Assert.Equal(["a Age", "b Age"], _begun);
    }

    [Fact]
    public async Task Stop_EndsThoseThatWait_AndTakesNoMore()
    {
        _ = _coordinator.RotateAsync("a", RotationCause.Age);
        var waiting = _coordinator.RotateAsync("b", RotationCause.Age);
        _coordinator.Stop();

        Assert.False((await waiting.WaitAsync(RealTime.Bound)).IsDone);
        Assert.False((await _coordinator.RotateAsync("c", RotationCause.Announced)).IsDone);
        End("a");
        Assert.Equal(["a Age"], _begun);
    }

    private void End(string connection)
    {
        _running.Remove(connection, out var running);
        running!.SetResult(new RotationOutcome(connection, true, null, TimeSpan.Zero, 0));
    }
}
