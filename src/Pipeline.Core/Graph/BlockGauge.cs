namespace Pipeline.Core.Graph;

/// <summary>What is inside a block: what waits in it, and the item in work, which the block's own counts leave out.</summary>
internal sealed class BlockGauge(string name)
{
    private volatile int _inWork;

    public string Name { get; } = name;

    /// <summary>Counts what waits in the block, before and behind its work.</summary>
    public Func<int> Waiting { get; set; } = static () => 0;

    public int Length => Waiting() + _inWork;

    public void Enter() => _inWork = 1;

    public void Leave() => _inWork = 0;
}
