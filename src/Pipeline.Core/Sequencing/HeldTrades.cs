using Pipeline.Core.Market;

namespace Pipeline.Core.Sequencing;

/// <summary>
/// Trades of one instrument that arrived although ids before them are missing: copies, in order of their ids, until the ids come or the
/// wait for them is over. Knows nothing of who may still bring them. Bounded, alone and together with the others of its lane.
/// Plain and synchronous.
/// </summary>
internal sealed class HeldTrades(int capacity, HoldBudget budget)
{
    private Held[] _rows = [];
    private int _first;

    public int Count { get; private set; }

    public bool IsEmpty => Count == 0;

    /// <summary>First id of the lowest trade held; to be read while there is one.</summary>
    public long FirstId => _rows[_first].FirstId;

    /// <param name="firstId">First id the trade stands for.</param>
    public HoldResult Add(in Trade trade, long firstId)
    {
        var at = Find(firstId, trade.Id, out var isKnown);
        if (isKnown)
        {
            return HoldResult.Copy;
        }

        if (Count >= capacity || !budget.TryTake())
        {
            return HoldResult.Full;
        }

        at -= _first;
        MakeRoom();
        at += _first;
        var end = _first + Count;
        if (at < end)
        {
            Array.Copy(_rows, at, _rows, at + 1, end - at);
        }

        _rows[at] = new Held(trade, firstId);
        Count++;
        return HoldResult.Held;
    }

    /// <summary>The lowest trade leaves.</summary>
    public Trade Take()
    {
        var trade = _rows[_first].Trade;
        _rows[_first] = default;
        budget.Return();
        _first++;
        if (--Count == 0)
        {
            // Most instruments never hold anything again for long: the memory is given back.
            (_rows, _first) = ([], 0);
        }

        return trade;
    }

    /// <summary>Where the row stands or belongs. Rows mostly come in order: the last is looked at first.</summary>
    private int Find(long firstId, long lastId, out bool isKnown)
    {
        var (low, high) = (_first, _first + Count);
        if (Count > 0 && Compare(_rows[high - 1], firstId, lastId) < 0)
        {
            isKnown = false;
            return high;
        }

        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            var order = Compare(_rows[middle], firstId, lastId);
            if (order == 0)
            {
                isKnown = true;
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle);
        }

        isKnown = false;
        return low;
    }

    /// <summary>Of rows that begin together the longest comes first: it covers the others.</summary>
    private static int Compare(in Held row, long firstId, long lastId) =>
        row.FirstId != firstId ? row.FirstId.CompareTo(firstId) : lastId.CompareTo(row.Trade.Id);

    private void MakeRoom()
    {
        if (_first + Count < _rows.Length)
        {
            return;
        }

        var rows = _rows.Length > 0 && Count * 2 <= _rows.Length ? _rows : new Held[Math.Max(16, _rows.Length * 2)];
        Array.Copy(_rows, _first, rows, 0, Count);
        if (rows == _rows)
        {
            Array.Clear(_rows, Count, _rows.Length - Count);
        }

        (_rows, _first) = (rows, 0);
    }

    private readonly record struct Held(Trade Trade, long FirstId);
}
