using Pipeline.Core.Feeds;

namespace Pipeline.Tests.Feeds.Pooling;

/// <summary>An entrance that is full or not as a test says, and the gate that waits for it.</summary>
internal sealed class TestIntake : IIntake, IConnectGate
{
    private TaskCompletionSource _room = new();

    public TestIntake() => _room.SetResult();

    public bool HasRoom => _room.Task.IsCompleted;

    /// <summary>Completes when there is room.</summary>
    public Task Room => _room.Task;

    public int Passed { get; private set; }

    public void Fill() => _room = new TaskCompletionSource();

    public void Empty() => _room.SetResult();

    public Task WhenRoomAsync(CancellationToken cancellation) => _room.Task.WaitAsync(cancellation);

    public async Task PassAsync(CancellationToken cancellation)
    {
        await WhenRoomAsync(cancellation);
        Passed++;
    }
}
