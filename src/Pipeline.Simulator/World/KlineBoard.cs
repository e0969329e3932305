namespace Pipeline.Simulator.World;

/// <summary>
/// All bar series of a symbol. Trades go into the bar of the running second only; every longer bar is the sum of its seconds, so
/// the cost per trade does not depend on the number of series.
/// </summary>
internal sealed class KlineBoard
{
    private readonly KlineBar[] _bars = new KlineBar[KlineKey.All.Count];
    private KlineBar _second;

    public KlineBoard(long time, long price)
    {
        _second = Begin(KlineKey.All[0], time, price);
        for (var i = 0; i < _bars.Length; i++)
        {
            _bars[i] = Begin(KlineKey.All[i], time, price);
        }
    }

    public void Add(in EngineTrade trade) => _second.Add(trade);

    /// <summary>
    /// Ends the second that ends at <paramref name="time"/> and tells every series: closed bars always, forming ones every other
    /// second.
    /// </summary>
    public void EndSecond(SymbolEngine engine, long time, IMarketListener listener)
    {
        for (var i = 0; i < _bars.Length; i++)
        {
            ref var bar = ref _bars[i];
            bar.Append(_second);
            var closed = bar.EndTime <= time;
            if (closed || time % (2 * UnixTime.Second) == 0)
            {
                listener.OnKline(engine, i, bar, closed);
            }

            if (closed)
            {
                bar = Begin(KlineKey.All[i], time, bar.Close);
            }
        }

        _second = Begin(KlineKey.All[0], time, _second.Close);
    }

    private static KlineBar Begin(KlineKey key, long time, long price)
    {
        var open = key.Interval.OpenOf(time, key.Zone);
        return KlineBar.Empty(open, key.Interval.NextOpen(open, key.Zone), price);
    }
}
