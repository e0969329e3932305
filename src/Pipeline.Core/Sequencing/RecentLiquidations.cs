using Pipeline.Core.Market;

namespace Pipeline.Core.Sequencing;

/// <summary>
/// The newest liquidations of one instrument. They bear no id: a row equal to one that another socket brought is its copy, once for each
/// socket; rows of one socket are all told, be they equal. Of rows without a time nothing can be said: they pass.
/// </summary>
internal sealed class RecentLiquidations
{
    // Of one instrument, and as far apart as two legs: far more than a crash brings in a second.
    private const int Remembered = 256;

    private readonly Queue<Row> _byAge = new();

    /// <summary>False for a copy.</summary>
    public bool IsNew(in Liquidation liquidation, long socket)
    {
        var value = liquidation with { ReceivedTime = 0 };
        if (value.EventTime != 0)
        {
            foreach (var row in _byAge)
            {
                if (row.Value.EventTime == value.EventTime && row.Value.Equals(value) && row.TryMatch(socket))
                {
                    return false;
                }
            }
        }

        if (_byAge.Count == Remembered)
        {
            _byAge.Dequeue();
        }

        _byAge.Enqueue(new Row(value, socket));
        return true;
    }

    private sealed class Row(Liquidation value, long socket)
    {
        // Two legs, and the twin of one.
        private long _second = -1;
        private long _third = -1;

        public Liquidation Value { get; } = value;

        /// <summary>True when the socket has not brought this row before.</summary>
        public bool TryMatch(long by)
        {
            if (by == socket || by == _second || by == _third || (_second >= 0 && _third >= 0))
            {
                return false;
            }

            if (_second < 0)
            {
                _second = by;
            }
            else
            {
                _third = by;
            }

            return true;
        }
    }
}
