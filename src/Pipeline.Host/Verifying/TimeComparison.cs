using Pipeline.Core.Market;
using Pipeline.Kafka.Verification;

namespace Pipeline.Host.Verifying;

/// <summary>
/// The trades of one instrument whose ids tell nothing of order, against those that its venue made: by id, else by what they say. What the
/// venue made and the log lacks is kept until the end, since repair may bring it late.
/// </summary>
/// <param name="readAsync">Asks for the trades from a time to another one, microseconds.</param>
internal sealed class TimeComparison(
    Func<long, long, CancellationToken, Task<TruthTrades>> readAsync, Number contractSize, Action<FindingKind, string> report)
{
    // Streams in milliseconds cut off what is finer.
    private const long Unit = 1_000;

    // More than this is not a loss but another market.
    private const int MostMissing = 100_000;

    private readonly Dictionary<long, TruthTrade> _missing = [];
    private long _judgedTo = long.MinValue;
    private long _wholeFrom = long.MaxValue;
    private long _wholeTo = long.MinValue;
    private bool _isBroken;

    /// <summary>Compares more rows; returns how many of them could be.</summary>
    public async Task<long> CompareAsync(List<TradeRow> rows, CancellationToken cancellation)
    {
        var from = Floor(rows.Min(row => row.EventTime));
        var to = Floor(rows.Max(row => row.EventTime)) + Unit - 1;
        var told = await readAsync(_judgedTo == long.MinValue ? from : Math.Min(from, _judgedTo), to, cancellation);
        Note(told, from, to);
        var known = told.Trades.Where(trade => trade.IsMarket).ToDictionary(trade => trade.Id);
        var compared = 0L;
        var others = new List<TradeRow>();
        foreach (var row in rows)
        {
            if (Take(known, row) is not { } trade)
            {
                others.Add(row);
                continue;
            }

            compared++;
            Compare(row, trade);
        }

        compared += CompareOthers(others, known, told);
        foreach (var trade in known.Values.Where(trade => trade.Time >= _judgedTo))
        {
            _missing.Add(trade.Id, trade);
        }

        _judgedTo = Math.Max(_judgedTo, to + 1);
        if (_missing.Count > MostMissing)
        {
            _isBroken = true;
            report(FindingKind.Forgotten, $"more than {MostMissing} trades of the venue are missing: the first were let go");
            _missing.Clear();
        }

        return compared;
    }

    /// <summary>All is read: tells what is missing. True when the venue told all that lies between the first trade and the last.</summary>
    public bool Finish(UnorderedTrades trades)
    {
        var (first, last) = (Floor(trades.FirstTime) + Unit, Floor(trades.LastTime));
        foreach (var trade in _missing.Values.OrderBy(trade => trade.Time))
        {
            // Of the times of the first and the last trade themselves the log need not have all.
            if (trade.Time >= first && trade.Time < last && !trades.Excused.Any(time => trade.Time >= Floor(time.From) && trade.Time < UpTo(time.To)))
            {
                report(FindingKind.LostToVenue, $"trade {trade.Id} of {trade.Time}, which the venue made, is missing");
            }
        }

        if (!_isBroken && _wholeFrom <= first && _wholeTo >= last - 1)
        {
            return true;
        }

        report(FindingKind.VenueForgot, _wholeFrom > _wholeTo
            ? $"the venue tells nothing of the time from {first} to {last}: whether trades are missing was not found out"
            : $"the venue tells all trades only from {_wholeFrom} to {_wholeTo} of {first} to {last}: whether others are missing was not found out");
        return false;
    }

    /// <summary>Rows that have no trade of their id: copies that say the same under another one are found by that.</summary>
    private long CompareOthers(List<TradeRow> rows, Dictionary<long, TruthTrade> known, TruthTrades told)
    {
        var compared = 0L;
        if (rows.Count == 0)
        {
            return compared;
        }

        var byTime = known.Values.Where(trade => trade.Time >= _judgedTo).Concat(_missing.Values).ToLookup(trade => Floor(trade.Time));
        foreach (var row in rows)
        {
            var same = byTime[Floor(row.EventTime)].FirstOrDefault(trade =>
                (known.ContainsKey(trade.Id) || _missing.ContainsKey(trade.Id)) && TruthComparison.Compare(row, [trade], contractSize) is null);
            if (same != default)
            {
                compared++;
                known.Remove(same.Id);
                _missing.Remove(same.Id);
            }
            else if (Floor(row.EventTime) < told.Oldest)
            {
                report(FindingKind.VenueForgot, told.Oldest == long.MaxValue
                    ? $"the venue tells nothing of trade {row.Id}: it was not compared"
                    : $"the venue tells of trades from {told.Oldest} on: {row.Id} of {row.EventTime} was not compared");
            }
            else if (row.EventTime > told.Newest)
            {
                report(FindingKind.VenueBehind, $"the venue tells of trades up to {told.Newest} as yet: {row.Id} of {row.EventTime} was not compared");
            }
            else
            {
                compared++;
                report(FindingKind.Invented, $"the venue never made trade {row.Id} of {row.EventTime}");
            }
        }

        return compared;
    }

    private void Compare(in TradeRow row, in TruthTrade trade)
    {
        if (TruthComparison.Compare(row, [trade], contractSize) is { } wrong)
        {
            report(wrong.Kind, wrong.What);
        }
    }

    /// <summary>The venue's trade of the row's id, which then is not missing.</summary>
    private TruthTrade? Take(Dictionary<long, TruthTrade> known, in TradeRow row)
    {
        if (_missing.Remove(row.Id, out var late))
        {
            known.Remove(row.Id);
            return late;
        }

        return known.Remove(row.Id, out var trade) ? trade : null;
    }

    /// <summary>Takes note of the time of which all was told, as long as it has no hole.</summary>
    private void Note(TruthTrades told, long from, long to)
    {
        var isFirst = _judgedTo == long.MinValue;
        if (told.Oldest > told.Newest)
        {
            _isBroken |= !isFirst;
            return;
        }

        _isBroken |= !isFirst && (told.Oldest > _judgedTo || _wholeTo < _judgedTo - 1);
        _wholeFrom = isFirst ? Math.Max(from, told.Oldest) : _wholeFrom;
        _wholeTo = Math.Max(_wholeTo, Math.Min(to, told.Newest));
    }

    private static long UpTo(long time) => time == long.MaxValue ? time : Floor(time) + Unit;

    private static long Floor(long time) => time / Unit * Unit;
}
