namespace Pipeline.Simulator.World;

/// <summary>The newest bars of a symbol of which something wrong was told; what the statistics and longer bars sum up is right all along.</summary>
internal sealed class FalseBars
{
    private const int MostKept = 1_000;

    private readonly List<FalseBar> _bars = [];

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<FalseBar> All => [.. _bars];

    public bool IsEmpty => _bars.Count == 0;

    public FalseBar? OldestUncorrected => _bars.Find(bar => !bar.IsCorrected);

    public void Add(FalseBar bar)
    {
        if (_bars.Count == MostKept)
        {
            _bars.RemoveAt(0);
        }

        _bars.Add(bar);
    }

    /// <summary>The bar as it is told now.</summary>
    public KlineBar ToldOf(int series, in KlineBar bar)
    {
        foreach (var one in _bars)
        {
            if (one.Series == series && one.Right.OpenTime == bar.OpenTime)
            {
                return one.IsCorrected ? one.Right : one.Told;
            }
        }

        return bar;
    }
}
