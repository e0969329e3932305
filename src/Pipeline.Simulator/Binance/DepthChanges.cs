using Pipeline.Core.Market;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance;

/// <summary>Folds a window's book changes to the last quantity per level, best levels first. Reuses its memory.</summary>
internal sealed class DepthChanges
{
    private readonly ValueList<DepthLevel> _bids = new();
    private readonly ValueList<DepthLevel> _asks = new();
    private DepthLevel[] _scratch = new DepthLevel[256];

    public ReadOnlySpan<DepthLevel> Bids => _bids.Span;

    public ReadOnlySpan<DepthLevel> Asks => _asks.Span;

    public void Fold(ReadOnlySpan<BookChange> changes)
    {
        if (_scratch.Length < changes.Length)
        {
            _scratch = new DepthLevel[2 * changes.Length];
        }

        Fold(changes, bids: true, _bids);
        Fold(changes, bids: false, _asks);
    }

    private void Fold(ReadOnlySpan<BookChange> changes, bool bids, ValueList<DepthLevel> into)
    {
        into.Clear();
        var count = 0;
        for (var i = 0; i < changes.Length; i++)
        {
            if (changes[i].Bid == bids)
            {
                _scratch[count++] = new DepthLevel(changes[i].Price, changes[i].Quantity, i);
            }
        }

        var levels = _scratch.AsSpan(0, count);
        levels.Sort(bids ? HighestFirst : LowestFirst);
        for (var i = 0; i < count; i++)
        {
            // Of equal prices the newest sorts first.
            if (i == 0 || levels[i].Price != levels[i - 1].Price)
            {
                into.Add(levels[i]);
            }
        }
    }

    private static int HighestFirst(DepthLevel left, DepthLevel right) =>
        left.Price != right.Price ? right.Price.CompareTo(left.Price) : right.Sequence.CompareTo(left.Sequence);

    private static int LowestFirst(DepthLevel left, DepthLevel right) =>
        left.Price != right.Price ? left.Price.CompareTo(right.Price) : right.Sequence.CompareTo(left.Sequence);
}
