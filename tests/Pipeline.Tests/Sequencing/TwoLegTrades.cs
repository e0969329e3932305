using Pipeline.Core.Market;
using Pipeline.Tests.Market;

namespace Pipeline.Tests.Sequencing;

/// <summary>
/// Two instruments' trades over two sockets, seeded: each leaves trades out at random, delays its frames by up to 40 ms, keeping its own
/// order, and is cut now and then. What leaves is worked out from what was delivered, and from nothing else.
/// </summary>
internal sealed class TwoLegTrades(int seed, IdDiscipline discipline)
{
    private const long MaxDelay = 40_000;

    // Rows of one socket that arrive together; with the delay it stays below the least that is waited.
    private const long MaxSpan = 4_000;

    private readonly Random _random = new(seed);
    private readonly Dictionary<Instrument, List<(long First, long Last)>> _rows = [];
    private readonly HashSet<(Instrument Instrument, long Last)> _delivered = [];

    public IReadOnlyList<Instrument> Instruments { get; } =
    [
        new(0, "venue", "A-B", "AB", new SequenceRules(discipline, BookRule.Range)), new(1, "venue", "C-D", "CD", new SequenceRules(discipline, BookRule.Range)),
    ];

    /// <summary>Ids that no leg brought, before the last that one did.</summary>
    public long Lacking { get; private set; }

    public IEnumerable<MarketBatch> Batches(int count)
    {
        var deliveries = new List<(long At, long Socket, Trade Trade)>();
        var last = Instruments.ToDictionary(instrument => instrument, _ => 0L);
        long[] sockets = [1, 2];
        long[] newest = [0, 0];
        long[] absentUntil = [0, 0];
        var absences = new List<(long From, long To)>();
        var next = 3L;
        for (var i = 0; i < count; i++)
        {
            var now = 1_000_000 + (i * 1_000L);
            var instrument = Instruments[_random.Next(2)];
            var first = last[instrument] + 1;
            var id = last[instrument] = discipline == IdDiscipline.Ranges ? first + _random.Next(4) : first;
            var rows = _rows.TryGetValue(instrument, out var known) ? known : _rows[instrument] = [];
            rows.Add((first, id));
            for (var leg = 0; leg < 2; leg++)
            {
                if (absentUntil[leg] > now || (rows.Count > 1 && _random.Next(8) == 0))
                {
                    continue;
                }

                newest[leg] = Math.Max(newest[leg], now + _random.NextInt64(MaxDelay));
                deliveries.Add((newest[leg], sockets[leg], TestMarket.Trade(instrument, id, now) with { FirstId = discipline == IdDiscipline.Ranges ? first : id }));
            }

            if (_random.Next(1_000) == 0 && Math.Max(absentUntil[0], absentUntil[1]) < now)
            {
                // What it had sent and nobody received yet is gone.
                var leg = _random.Next(2);
                deliveries.RemoveAll(one => one.Socket == sockets[leg] && one.At > now);
                absentUntil[leg] = now + _random.NextInt64(300_000);
                absences.Add((now, absentUntil[leg]));
                sockets[leg] = next++;
                newest[leg] = 0;
            }
        }

        return Merge(deliveries, absences);
    }

    /// <summary>The rows that some leg brought, and which of them follow one that none did.</summary>
    public List<(long Id, bool AfterGap)> ExpectedOf(Instrument instrument)
    {
        var expected = new List<(long Id, bool AfterGap)>();
        var isAfterGap = false;
        var lacking = 0L;
        foreach (var (first, last) in _rows[instrument])
        {
            if (!_delivered.Contains((instrument, last)))
            {
                isAfterGap = true;
                lacking += last - first + 1;
                continue;
            }

            expected.Add((last, isAfterGap));
            isAfterGap = false;
            Lacking += lacking;
            lacking = 0;
        }

        return expected;
    }

    private List<MarketBatch> Merge(List<(long At, long Socket, Trade Trade)> deliveries, List<(long From, long To)> absences)
    {
        var batches = new List<MarketBatch>();
        var began = 0L;
        foreach (var (at, socket, trade) in deliveries.OrderBy(one => one.At))
        {
            _delivered.Add((trade.Instrument, trade.Id));
            var legs = absences.Exists(absence => absence.From < at && at <= absence.To) ? 1 : 2;
            if (batches.Count > 0 && batches[^1] is var open && open.Socket == socket && open.Legs == legs && at - began < MaxSpan)
            {
                open.Add(trade);
                open.Now = at;
                continue;
            }

            began = at;
            batches.Add(LegBatches.Of(socket, at, legs, trade));
        }

        return batches;
    }
}
