using System.Numerics;

namespace Pipeline.Simulator.World;

/// <summary>
/// One side of a book in a ring, best level at its end: levels come and go at both ends without anything being moved, whatever the
/// depth.
/// </summary>
internal sealed class BookSide
{
    private readonly long[] _prices;
    private readonly long[] _quantities;
    private readonly int _capacity;
    private readonly int _mask;

    // Where the next best level goes; counts on for ever, the mask makes it a place.
    private int _end;

    public BookSide(bool bid, int capacity)
    {
        Bid = bid;
        _capacity = capacity;
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)capacity);
        _mask = size - 1;
        _prices = new long[size];
        _quantities = new long[size];
    }

    public bool Bid { get; }

    public int Count { get; private set; }

    public bool IsFull => Count == _capacity;

    public long BestPrice => _prices[Place(0)];

    public long BestQuantity => _quantities[Place(0)];

    public long WorstPrice => _prices[Place(Count - 1)];

    /// <summary>Level by distance from the top, 0 = best.</summary>
    public (long Price, long Quantity) Level(int depth) => (_prices[Place(depth)], _quantities[Place(depth)]);

    /// <summary>The best levels, at most <paramref name="most"/>.</summary>
    public PriceLevel[] ToArray(int most)
    {
        var levels = new PriceLevel[Math.Min(most, Count)];
        for (var i = 0; i < levels.Length; i++)
        {
            levels[i] = new PriceLevel(_prices[Place(i)], _quantities[Place(i)]);
        }

        return levels;
    }

    public void SetQuantity(int depth, long quantity) => _quantities[Place(depth)] = quantity;

    public void RemoveBest()
    {
        Count--;
        _end--;
    }

    public void RemoveWorst() => Count--;

    public void AddBest(long price, long quantity)
    {
        _end++;
        Count++;
        Set(Place(0), price, quantity);
    }

    public void AddWorst(long price, long quantity)
    {
        Count++;
        Set(Place(Count - 1), price, quantity);
    }

    private int Place(int depth) => (_end - 1 - depth) & _mask;

    private void Set(int place, long price, long quantity)
    {
        _prices[place] = price;
        _quantities[place] = quantity;
    }
}
