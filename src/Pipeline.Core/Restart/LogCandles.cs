using Pipeline.Core.Market;

namespace Pipeline.Core.Restart;

/// <summary>
/// The candles of one instrument as the log tells them, beside those that its trades make: nothing is told twice, what is missing is
/// told, what differs is told as a revision.
/// </summary>
internal sealed class LogCandles
{
    private readonly Dictionary<CandleKey, Candle> _written = [];
    private readonly Dictionary<CandleKey, (Candle First, Candle Last)> _made = [];
    private readonly List<CandleKey> _order = [];
    private readonly List<(long From, long To)> _filled = [];
    private readonly Dictionary<CandleInterval, long> _seeded = [];

    public bool IsEmpty => _written.Count == 0;

    /// <summary>End of the newest window that the log calls final; the minimum when it does of none.</summary>
    public long ClosedUntil { get; private set; } = long.MinValue;

    /// <summary>A record of the log, in its order. Forming ones say nothing of what is final.</summary>
    public void Note(in Candle written)
    {
        if (written.State == CandleState.Forming)
        {
            return;
        }

        if (written.Source == CandleSource.Venue)
        {
            // Of the time before the series; no fold makes it.
            _seeded[written.Interval] = Math.Max(_seeded.GetValueOrDefault(written.Interval, long.MinValue), written.CloseTime);
            return;
        }

        _written[CandleKey.Of(written)] = written;
        ClosedUntil = Math.Max(ClosedUntil, written.CloseTime);
    }

    /// <summary>The tail has a final record of it.</summary>
    public bool IsWritten(CandleKey key) => _written.ContainsKey(key);

    /// <summary>Empty windows that were told of more than once: what a state that does not hold them takes them for, they are not.</summary>
    public IEnumerable<Candle> RevisedEmpty() =>
        _written.Values.Where(written => written is { Revision: > 0, Trades: 0 }).Select(written => Newest(CandleKey.Of(written))!.Value);

    /// <summary>End of the newest candle of the venue that the log has for the time before the series; the minimum when it has none.</summary>
    public long SeededUntil(CandleInterval interval) => _seeded.GetValueOrDefault(interval, long.MinValue);

    /// <summary>A hole has ended: candles that it touched may be complete now.</summary>
    public void NoteFilled(in Gap gap) => _filled.Add((gap.FromTime, gap.ToTime));

    /// <summary>What the fold tells of a candle; the last counts.</summary>
    public void Make(in Candle made)
    {
        var key = CandleKey.Of(made);
        if (!_made.TryGetValue(key, out var before))
        {
            _order.Add(key);
            before = (made, made);
        }

        _made[key] = (before.First, made);
    }

    /// <summary>What is to be written, in the order of the fold.</summary>
    public IEnumerable<Candle> Missing() =>
        _order.Where(key => !_written.TryGetValue(key, out var written) || !Stands(written, _made[key].Last)).Select(key => Newest(key)!.Value);

    /// <summary>The newest record of a candle once all that is missing is written; null when the tail says nothing of it.</summary>
    public Candle? Newest(CandleKey key)
    {
        var isWritten = _written.TryGetValue(key, out var written);
        if (!_made.TryGetValue(key, out var made))
        {
            return isWritten ? written : null;
        }

        if (isWritten)
        {
            return Stands(written, made.Last)
                ? written
                : made.Last with { State = CandleState.Revised, Revision = written.Revision + 1, Updates = written.Updates + 1 };
        }

        // What the fold began with a revision was final before the tail begins; what it began with a final was not.
        var first = made.First;
        return made.Last with { State = first.State, Revision = first.Revision, Updates = first.Updates };
    }

    /// <summary>True when the record of the log is as good as what the fold tells.</summary>
    private bool Stands(in Candle written, in Candle made)
    {
        if (!made.Complete && (written.Complete || (written.Source == CandleSource.Mixed && made.Source != CandleSource.Mixed)))
        {
            // The fold has not seen all that the writer had; what the writer called complete is, and what is partly the venue's says more.
            return true;
        }

        if (written.Complete && written.Source == CandleSource.Mixed && made.Source != CandleSource.Mixed)
        {
            // Both are whole: the venue's part tells no ids, and may count otherwise.
            return true;
        }

        var isSame = written.Open == made.Open && written.High == made.High && written.Low == made.Low && written.Close == made.Close
            && written.Volume == made.Volume && written.QuoteVolume == made.QuoteVolume && written.TakerBuyVolume == made.TakerBuyVolume
            && written.Trades == made.Trades && written.FirstId == made.FirstId && written.LastId == made.LastId;

        // Doubt that came of the clock stays, as it would have without the restart; what a hole left ends with the hole.
        return isSame && (written.Complete == made.Complete || !WasFilled(made));
    }

    private bool WasFilled(in Candle candle)
    {
        foreach (var (from, to) in _filled)
        {
            if (from < candle.CloseTime && (to == 0 || to >= candle.OpenTime))
            {
                return true;
            }
        }

        return false;
    }
}
