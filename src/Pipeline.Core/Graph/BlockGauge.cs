namespace Pipeline.Core.Graph;

/// <summary>What is inside a block: what waits in it, and the item in work, which the block's own counts leave out.</summary>
internal sealed class BlockGauge(string name)
{
    private volatile int _inWork;

    public string Name { get; } = name;

    /// <summary>Counts what waits in the block, before and behind its work.</summary>
    public Func<int> Waiting { get; set; } = static () => 0;

    /// <summary>An item that goes into work, or out of it, while this is read counts once.</summary>
    public int Length
    {
        get
        {
            var before = _inWork;
            var waiting = Waiting();
            return waiting + Math.Min(before, _inWork);
        }
    }

    public void Enter() => _inWork = 1;

    public void Leave() => _inWork = 0;
}
