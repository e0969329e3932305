namespace Pipeline.Core.Feeds;

/// <summary>Another state for a partition's gate, on its way through station 3: it holds for what comes behind it.</summary>
/// <param name="Since">Of what was held before, only trades, prices, books and health go on; market-clock microseconds.</param>
internal sealed record GateOrder(int Partition, GateState State, long Since)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when it holds, and what was held is in its lane.</summary>
    public Task Done => _done.Task;

    public void Complete() => _done.TrySetResult();
}
