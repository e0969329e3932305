using Pipeline.Core.Market;
using Pipeline.Kafka.Verification;

namespace Pipeline.Host.Verifying;

/// <summary>
/// Compares every trade of the log with what its venue says, a bounded number at a time, and asks it for those that are missing: by ids,
/// and by time where ids tell nothing of order.
/// </summary>
internal sealed class VenueComparison(ITradeTruth truth, RuleBook rules, FindingLog findings, string topic)
{
    private const int MostWaiting = 50_000;

    // Rows further apart are asked for apart.
    private const long MostApart = 5_000;

    private readonly Dictionary<string, List<TradeRow>> _waiting = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TimeComparison> _times = new(StringComparer.Ordinal);
    private int _count;

    public bool IsFull => _count >= MostWaiting;

    public long Compared { get; private set; }

    public void Add(string instrument, TradeRow row)
    {
        if (!_waiting.TryGetValue(instrument, out var rows))
        {
            _waiting.Add(instrument, rows = []);
        }

        rows.Add(row);
        _count++;
    }

    public async Task FlushAsync(CancellationToken cancellation)
    {
        foreach (var (instrument, rows) in _waiting)
        {
            if (rules.Of(instrument).Ids == IdDiscipline.Unordered)
            {
                Compared += await TimesOf(instrument).CompareAsync(rows, cancellation);
            }
            else
            {
                await CompareAsync(instrument, rows, cancellation);
            }
        }

        _waiting.Clear();
        _count = 0;
    }

    /// <summary>Compares what waits, and tells the proof which instruments are proven by time. To be called when all is read, before the proof is finished.</summary>
    public async Task ProveTimesAsync(LogProof proof, CancellationToken cancellation)
    {
        await FlushAsync(cancellation);
        foreach (var trades in proof.Unordered().ToList())
        {
            if (_times.TryGetValue(trades.Instrument, out var times) && times.Finish(trades))
            {
                proof.ProveByTime(trades.Instrument);
            }
        }
    }

    /// <summary>Of ids that the log lacks and did not give up: those that the venue has traded, or does not tell of.</summary>
    public async Task CompareMissingAsync(string instrument, IdRange ids, CancellationToken cancellation)
    {
        // With a trade on either side: that a trade is none is proven only where the venue tells of those around it.
        var told = await ReadAsync(instrument, new IdRange(Math.Max(0, ids.First - 1), ids.Last + 1), cancellation);
        foreach (var id in told.Trades.Where(trade => trade.IsMarket).Select(trade => IdOf(instrument, trade)).Where(ids.Holds).Distinct())
        {
            Report(FindingKind.LostToVenue, instrument, $"trade {id}, which the venue made, is missing");
        }

        if (told.Oldest > ids.First)
        {
            Report(FindingKind.VenueForgot, instrument, $"ids {Text(ids.First, Math.Min(ids.Last, told.Oldest - 1))} are missing, and the venue does not tell whether they were trades");
        }

        if (told.Oldest <= ids.Last && told.Newest <= ids.Last)
        {
            Report(FindingKind.VenueBehind, instrument, $"ids {Text(Math.Max(ids.First, told.Newest + 1), ids.Last)} are missing, and the venue tells nothing behind {told.Newest} yet");
        }
    }

    private async Task CompareAsync(string instrument, List<TradeRow> rows, CancellationToken cancellation)
    {
        rows.Sort((one, other) => one.Id.CompareTo(other.Id));
        var start = 0;
        for (var i = 1; i <= rows.Count; i++)
        {
            if (i == rows.Count || rows[i].FirstId - rows[i - 1].Id > MostApart)
            {
                await ComparePieceAsync(instrument, rows[start..i], cancellation);
                start = i;
            }
        }
    }

    private async Task ComparePieceAsync(string instrument, List<TradeRow> rows, CancellationToken cancellation)
    {
        var told = await ReadAsync(instrument, new IdRange(rows[0].FirstId, rows[^1].Id), cancellation);
        var trades = told.Trades.Where(trade => trade.IsMarket).ToArray();
        var contractSize = rules.Of(instrument).ContractSize;
        var at = 0;
        foreach (var row in rows)
        {
            if (row.FirstId < told.Oldest)
            {
                Report(FindingKind.VenueForgot, instrument, told.Oldest == long.MaxValue
                    ? $"the venue tells nothing of trade {row.Id}: it was not compared"
                    : $"the venue keeps trades from {told.Oldest} on: {row.Id} was not compared");
                continue;
            }

            if (row.Id > told.Newest)
            {
                Report(FindingKind.VenueBehind, instrument, $"the venue tells of trades up to {told.Newest} as yet: {row.Id} was not compared");
                continue;
            }

            while (at < trades.Length && IdOf(instrument, trades[at]) < row.FirstId)
            {
                at++;
            }

            var end = at;
            while (end < trades.Length && IdOf(instrument, trades[end]) <= row.Id)
            {
                end++;
            }

            Compared++;
            if (TruthComparison.Compare(row, trades.AsSpan(at..end), contractSize) is { } wrong)
            {
                Report(wrong.Kind, instrument, wrong.What);
            }
        }
    }

    private TimeComparison TimesOf(string instrument)
    {
        if (!_times.TryGetValue(instrument, out var times))
        {
            times = new TimeComparison(
                (from, to, cancellation) => truth.ReadTimesAsync(instrument, rules.SymbolOf(instrument), from, to, cancellation),
                rules.Of(instrument).ContractSize,
                (kind, what) => Report(kind, instrument, what));
            _times.Add(instrument, times);
        }

        return times;
    }

    private Task<TruthTrades> ReadAsync(string instrument, IdRange ids, CancellationToken cancellation) =>
        truth.ReadAsync(instrument, rules.SymbolOf(instrument), rules.IsAggregate(instrument), ids, cancellation);

    private long IdOf(string instrument, in TruthTrade trade) => rules.IsAggregate(instrument) ? trade.AggregateId : trade.Id;

    private static string Text(long first, long last) => first == last ? $"{first}" : $"{first}…{last}";

    private void Report(FindingKind kind, string instrument, string what) =>
        findings.Add(new Finding(kind, topic, -1, -1, instrument, what));
}
