namespace Pipeline.Gateway.Hub;

/// <summary>
/// The newest record of each candle that no history is known to have, by series. Of a candle only its newest record counts, so a long outage
/// of the history costs one record for each candle, not for each change. Only for the hub's thread.
/// </summary>
internal sealed class CandleTail
{
    private readonly Dictionary<(string Instrument, int Interval), Series> _series = [];
    private readonly Dictionary<int, long> _released = [];

    public int Count { get; private set; }

    /// <summary>Records that went before a history said that it has them.</summary>
    public long Lost { get; private set; }

    public void Clear()
    {
        _series.Clear();
        _released.Clear();
        Count = 0;
    }

    /// <param name="most">Records that are kept at most, of all series.</param>
    public void Add(in StreamRecord record, int most)
    {
        if (record.Value.IsEmpty || record.Offset <= _released.GetValueOrDefault(record.Partition, -1))
        {
            return;
        }

        var key = (record.Instrument, record.Interval!.Index);
        if (!_series.TryGetValue(key, out var series))
        {
            _series.Add(key, series = new Series(record.Partition));
        }

        Count += series.Add(record);
        if (Count > most && series.Records.Count > 1)
        {
            series.Records.RemoveAt(0);
            Count--;
            Lost++;
        }
    }

    /// <summary>What lies beyond an offset, oldest candle first.</summary>
    public IReadOnlyList<StreamRecord> After(CandleSeries of, int partition, long offset) =>
        _series.TryGetValue((of.Instrument, of.Interval.Index), out var series) && series.Partition == partition
            ? [.. series.Records.Where(record => record.Offset > offset)]
            : [];

    /// <summary>Records of a partition up to this offset, itself included, are not needed.</summary>
    public void Release(int partition, long offset)
    {
        if (offset <= _released.GetValueOrDefault(partition, -1))
        {
            return;
        }

        _released[partition] = offset;
        foreach (var series in _series.Values)
        {
            if (series.Partition == partition)
            {
                Count -= series.Records.RemoveAll(record => record.Offset <= offset);
            }
        }
    }

    /// <summary>Lets go what was produced before a time; for when no history runs.</summary>
    public void Trim(long oldest)
    {
        foreach (var series in _series.Values)
        {
            Count -= series.Records.RemoveAll(record => record.Timestamp < oldest);
        }
    }

    private sealed class Series(int partition)
    {
        public int Partition => partition;

        /// <summary>By time of the candle.</summary>
        public List<StreamRecord> Records { get; } = [];

        /// <returns>By how many records there are more now.</returns>
        public int Add(in StreamRecord record)
        {
            var place = Records.Count;
            while (place > 0 && Records[place - 1].OpenTime > record.OpenTime)
            {
                place--;
            }

            if (place > 0 && Records[place - 1].OpenTime == record.OpenTime)
            {
                Records[place - 1] = record;
                return 0;
            }

            Records.Insert(place, record);
            return 1;
        }
    }
}
