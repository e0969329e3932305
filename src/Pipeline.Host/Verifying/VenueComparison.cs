using Pipeline.Core.Market;
using Pipeline.Kafka.Verification;

namespace Pipeline.Host.Verifying;

/// <summary>
/// Compares every trade of the log with what its venue says, a bounded number at a time, and asks it for those that are missing.
/// </summary>
internal sealed class VenueComparison(ITradeTruth truth, RuleBook rules, FindingLog findings, string topic)
{
    private const int MostWaiting = 50_000;

    // Rows further apart are asked for apart.
    private const long MostApart = 5_000;

    private readonly Dictionary<string, List<TradeRow>> _waiting = new(StringComparer.Ordinal);
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
            rows.Sort((one, other) => one.Id.CompareTo(other.Id));
            var start = 0;
            for (var i = 1; i <= rows.Count; i++)
            {
                if (i == rows.Count || rows[i].FirstId - rows[i - 1].Id > MostApart)
                {
                    await CompareAsync(instrument, rows[start..i], cancellation);
                    start = i;
                }
            }
        }

        _waiting.Clear();
        _count = 0;
    }

    /// <summary>Of ids that the log lacks and did not give up: those that the venue has traded.</summary>
    public async Task CompareMissingAsync(string instrument, IdRange ids, CancellationToken cancellation)
    {
        var (_, made) = await ReadAsync(instrument, ids, cancellation);
        foreach (var id in made.Where(trade => trade.IsMarket).Select(trade => IdOf(instrument, trade)).Distinct())
        {
            Report(FindingKind.LostToVenue, instrument, $"trade {id}, which the venue made, is missing");
        }
    }

    private async Task CompareAsync(string instrument, List<TradeRow> rows, CancellationToken cancellation)
    {
        var (oldest, made) = await ReadAsync(instrument, new IdRange(rows[0].FirstId, rows[^1].Id), cancellation);
        var trades = made.Where(trade => trade.IsMarket).ToArray();
        var contractSize = rules.Of(instrument).ContractSize;
        var at = 0;
        foreach (var row in rows)
        {
            if (row.FirstId < oldest)
            {
                Report(FindingKind.VenueForgot, instrument, oldest == long.MaxValue
                    ? $"the venue tells nothing of trade {row.Id}: it was not compared"
                    : $"the venue keeps trades from {oldest} on: {row.Id} was not compared");
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

    private Task<(long OldestId, List<TruthTrade> Trades)> ReadAsync(string instrument, IdRange ids, CancellationToken cancellation) =>
        truth.ReadAsync(instrument, rules.SymbolOf(instrument), rules.IsAggregate(instrument), ids, cancellation);

    private long IdOf(string instrument, in TruthTrade trade) => rules.IsAggregate(instrument) ? trade.AggregateId : trade.Id;

    private void Report(FindingKind kind, string instrument, string what) =>
        findings.Add(new Finding(kind, topic, -1, -1, instrument, what));
}
