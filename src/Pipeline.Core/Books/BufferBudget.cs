namespace Pipeline.Core.Books;

/// <summary>What the books of one lane may keep together while they wait for their snapshots, counted in levels.</summary>
internal sealed class BufferBudget(long levels)
{
    /// <summary>An update takes as much room as this many levels, besides its own.</summary>
    private const int PerUpdate = 3;

    public long Left { get; private set; } = levels;

    public static long CostOf(int updates, int levels) => ((long)updates * PerUpdate) + levels;

    public bool TryTake(long cost)
    {
        if (cost > Left)
        {
            return false;
        }

        Left -= cost;
        return true;
    }

    public void Return(long cost) => Left += cost;
}
