namespace Pipeline.Simulator.World;

/// <summary>
/// One side of a book, best level last in the arrays: nearly every change is at or near the top, where little has to move.
/// </summary>
internal sealed class BookSide(bool bid, int capacity)
{
    private readonly long[] _prices = new long[capacity];
    private readonly long[] _quantities = new long[capacity];

    public bool Bid { get; } = bid;

    public int Count { get; private set; }

    public bool IsFull => Count == _prices.Length;

    public long BestPrice => _prices[Count - 1];

    public long BestQuantity => _quantities[Count - 1];

    public long WorstPrice => _prices[0];

    /// <summary>Level by distance from the top, 0 = best.</summary>
    public (long Price, long Quantity) Level(int depth) => (_prices[Count - 1 - depth], _quantities[Count - 1 - depth]);

    public void SetQuantity(int depth, long quantity) => _quantities[Count - 1 - depth] = quantity;

    public void RemoveBest() => Count--;

    public void RemoveWorst()
    {
        Count--;
        _prices.AsSpan(1, Count).CopyTo(_prices);
        _quantities.AsSpan(1, Count).CopyTo(_quantities);
    }

    public void AddBest(long price, long quantity)
    {
        _prices[Count] = price;
        _quantities[Count++] = quantity;
    }

    public void AddWorst(long price, long quantity)
    {
        _prices.AsSpan(0, Count).CopyTo(_prices.AsSpan(1));
        _quantities.AsSpan(0, Count).CopyTo(_quantities.AsSpan(1));
        _prices[0] = price;
        _quantities[0] = quantity;
        Count++;
    }
}
