namespace Pipeline.Core.Sequencing;

/// <summary>How many trades the instruments of one lane may hold together.</summary>
internal sealed class HoldBudget(int trades = HoldBudget.DefaultTrades)
{
    /// <summary>Some 9 MB a lane.</summary>
    public const int DefaultTrades = 50_000;

    public int Left { get; private set; } = trades;

    public bool TryTake()
    {
        if (Left == 0)
        {
            return false;
        }

        Left--;
        return true;
    }

    public void Return() => Left++;
}
