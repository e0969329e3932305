namespace Pipeline.History;

/// <summary>Records that become durable together, with the position behind them. For one thread; reused after <see cref="Clear"/>.</summary>
public sealed class CandleBatch
{
    private readonly List<BatchedCandle> _candles = [];
    private readonly Dictionary<int, long> _next = [];

    /// <summary>Candles in it.</summary>
    public int Count => _candles.Count;

    /// <summary>True when neither a candle nor a position is in it.</summary>
    public bool IsEmpty => _next.Count == 0;

    internal IReadOnlyList<BatchedCandle> Candles => _candles;

    /// <summary>Per partition, the offset behind the last record.</summary>
    public IReadOnlyDictionary<int, long> Next => _next;

    /// <summary>A final or revised candle.</summary>
    public void Add(in SeriesKey series, int partition, long offset, in HistoryCandle candle)
    {
        _candles.Add(new BatchedCandle(series, offset, candle));
        _next[partition] = offset + 1;
    }

    /// <summary>A record that is not kept: a forming candle, a tombstone.</summary>
    public void Skip(int partition, long offset) => _next[partition] = offset + 1;

    public void Clear()
    {
        _candles.Clear();
        _next.Clear();
    }
}
