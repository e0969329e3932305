namespace Pipeline.Simulator.World;

/// <summary>
/// All bar series of a symbol. Trades go into the bar of the running second only; every longer bar is the sum of its seconds, so
/// the cost per trade does not depend on the number of series. Of each series the newest closed bars are kept.
/// </summary>
internal sealed class KlineBoard
{
    /// <summary>Closed bars kept of a series: what the greediest venue gives in one answer, and more than a day of minutes.</summary>
    public const int BarsKept = 1_600;

    private static readonly int Minutes = KlineKey.Find("1m");

    private readonly KlineBar[] _bars = new KlineBar[KlineKey.All.Count];
    private readonly BarHistory[] _closed;
    private readonly FalseBars _false = new();
    private KlineBar _second;

    private readonly PastMarket? _past;
    private readonly long _start;

    /// <param name="past">What bars before <paramref name="time"/> say; null = there are none.</param>
    public KlineBoard(long time, long price, PastMarket? past = null)
    {
        (_start, _past) = (time, past);
        _closed = [.. KlineKey.All.Select(_ => new BarHistory(BarsKept))];
        _second = Begin(KlineKey.All[0], time, price);
        for (var i = 0; i < _bars.Length; i++)
        {
            _bars[i] = Begin(KlineKey.All[i], time, price);
            _bars[i] = past?.Bar(_bars[i].OpenTime, _bars[i].EndTime) ?? _bars[i];

            // Most windows of the eastern zone are those of UTC.
            var twin = KlineKey.Twin(i);
            _closed[i] = _closed[twin];
        }
    }

    /// <summary>Closed bars of which something wrong was told, oldest first.</summary>
    public IReadOnlyList<FalseBar> FalseBars => _false.All;

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
            if (closed)
            {
                listener.OnKline(engine, i, Told(engine, i, bar), closed);
            }
            else if (time % (2 * UnixTime.Second) == 0)
            {
                listener.OnKline(engine, i, bar, closed);
            }

            if (closed)
            {
                if (KlineKey.Twin(i) == i)
                {
                    _closed[i].Add(bar);
                }

                bar = Begin(KlineKey.All[i], time, bar.Close);
            }
        }

        _second = Begin(KlineKey.All[0], time, _second.Close);
        Correct(engine, listener);
    }

    /// <summary>The forming bar of a series, up to its newest trade.</summary>
    public KlineBar Forming(int series)
    {
        var bar = _bars[series];
        bar.Append(_second);
        return bar;
    }

    /// <summary>
    /// Bars that open from <paramref name="from"/> to <paramref name="to"/>, oldest first, the forming one included; of more than
    /// <paramref name="limit"/> the newest, or the oldest.
    /// </summary>
    /// <param name="series">Index into <see cref="KlineKey.All"/>.</param>
    /// <param name="from">First opening time in microseconds.</param>
    /// <param name="to">Last opening time.</param>
    /// <param name="limit">Most bars.</param>
    /// <param name="newest">Which to give when there are more.</param>
    /// <param name="isTrue">As they are, and not as they are told.</param>
    public List<KlineBar> Read(int series, long from, long to, int limit, bool newest, bool isTrue = false)
    {
        var history = _closed[series];
        var forming = Forming(series);
        var first = history.Find(from);
        var end = to == long.MaxValue ? history.Count : history.Find(to + 1);
        var withForming = forming.OpenTime >= from && forming.OpenTime <= to ? 1 : 0;
        var count = Math.Max(0, end - first) + withForming;
        var bars = isTrue ? [] : Past(series, from, to, newest ? limit - count : limit, newest);
        var start = newest ? Math.Max(0, count - limit) : 0;
        for (var i = start; i < count && bars.Count < limit; i++)
        {
            bars.Add(first + i < end ? history[first + i] : forming);
        }

        if (!isTrue && !_false.IsEmpty)
        {
            var twin = KlineKey.Twin(series);
            for (var i = 0; i < bars.Count; i++)
            {
                bars[i] = _false.ToldOf(twin, bars[i]);
            }
        }

        return bars;
    }

    /// <summary>Bars of before the start, oldest first; none once the first behind it are forgotten.</summary>
    private List<KlineBar> Past(int series, long from, long to, int limit, bool newest)
    {
        var bars = new List<KlineBar>();
        var (key, history) = (KlineKey.All[series], _closed[series]);
        var first = key.Interval.OpenOf(_start, key.Zone);
        if (_past is null || limit <= 0 || from >= first || (history.Count == BarsKept && history[0].OpenTime > first))
        {
            return bars;
        }

        if (newest)
        {
            for (var end = first; bars.Count < limit && end > PastMarket.Begin;)
            {
                var open = key.Interval.OpenOf(end - 1, key.Zone);
                if (open < from)
                {
                    break;
                }

                if (open <= to)
                {
                    bars.Add(_past.Bar(open, end));
                }

                end = open;
            }

            bars.Reverse();
            return bars;
        }

        var next = key.Interval.OpenOf(Math.Max(from, PastMarket.Begin) - 1, key.Zone);
        for (next = key.Interval.NextOpen(next, key.Zone); next < first && next <= to && bars.Count < limit;)
        {
            var end = key.Interval.NextOpen(next, key.Zone);
            bars.Add(_past.Bar(next, end));
            next = end;
        }

        return bars;
    }

    /// <summary>Sums since the minute that holds <paramref name="from"/>, at most over the minutes that are kept.</summary>
    public RollingStatistics Sum(long from, long openingPrice)
    {
        var history = _closed[Minutes];
        var first = history.Find(from - (60 * UnixTime.Second) + 1);
        var forming = Forming(Minutes);
        var previous = first > 0 ? history[first - 1].Close : openingPrice;
        var start = first < history.Count ? history[first].OpenTime : forming.OpenTime;
        var sum = KlineBar.Empty(start, forming.EndTime, previous);
        for (var i = first; i < history.Count; i++)
        {
            sum.Append(history[i]);
        }

        sum.Append(forming);
        return new RollingStatistics(sum, previous);
    }

    /// <summary>What is told of a bar that closes: series with the same windows say the same.</summary>
    private KlineBar Told(SymbolEngine engine, int series, in KlineBar bar)
    {
        var twin = KlineKey.Twin(series);
        if (twin == series && bar.Trades > 0 && engine.Faults.TakeFalseField(KlineKey.All[series].Interval.Name) is { } field)
        {
            _false.Add(new FalseBar(series, field, bar, KlineFields.Falsified(bar, field, engine.Spec)));
        }

        return _false.IsEmpty ? bar : _false.ToldOf(twin, bar);
    }

    private void Correct(SymbolEngine engine, IMarketListener listener)
    {
        while (_false.OldestUncorrected is { } wrong && engine.Faults.CorrectsCandle)
        {
            wrong.IsCorrected = true;
            for (var i = 0; i < _bars.Length; i++)
            {
                if (KlineKey.Twin(i) == wrong.Series)
                {
                    listener.OnKline(engine, i, wrong.Right, closed: true);
                }
            }
        }
    }

    private static KlineBar Begin(KlineKey key, long time, long price)
    {
        var open = key.Interval.OpenOf(time, key.Zone);
        return KlineBar.Empty(open, key.Interval.NextOpen(open, key.Zone), price);
    }
}
