using Pipeline.Core.Market;
using static Pipeline.Tests.Market.TestMarket;

namespace Pipeline.Tests.Candles;

/// <summary>One instrument's trades as station 4 passes them on, with holes that are announced and filled, or given up, later.</summary>
internal sealed class TradeStream
{
    private const long Latency = 40_000;
    private const long PageTime = 80_000;
    private const int PageSize = 60;

    private readonly List<(long At, int Order, Action<CandleWorld> Act)> _agenda = [];
    private readonly long _end;

    public TradeStream(int seed, int count, long start, bool abandons)
    {
        var random = new Random(seed);
        var all = MakeTrades(random, count, start);
        _end = all[^1].EventTime + (8 * 86_400_000_000L);
        var live = new List<Trade>();
        for (var i = 0; i < count;)
        {
            if (i > 2 && i < count - 250 && random.Next(25) == 0)
            {
                var length = random.Next(1, random.Next(3) == 0 ? 200 : 12);
                AddHole(random, all.GetRange(i, length), all[i - 1], all[i + length], abandons && random.Next(2) == 0);
                i += length;
                live.Add(all[i] with { AfterGap = true });
                AddLive(live[^1]);
                i++;
                continue;
            }

            live.Add(all[i]);
            AddLive(all[i]);
            i++;
        }

        Delivered.AddRange(live);
        Delivered.Sort((one, other) => one.Id.CompareTo(other.Id));
        Add(all[0].EventTime + Latency, 3, world => Tell(world, HealthState.Fresh, all[0].EventTime));
    }

    public List<Trade> Delivered { get; } = [];

    public List<(long From, long To)> Lost { get; } = [];

    public int Holes { get; private set; }

    public HealthState Health { get; private set; } = HealthState.Starting;

    public long LastEventTime { get; private set; }

    public void Play(CandleWorld world, Action? between = null)
    {
        foreach (var (at, _, act) in _agenda.OrderBy(one => one.At).ThenBy(one => one.Order))
        {
            world.RunTo(at);
            act(world);
            between?.Invoke();
        }

        world.RunTo(_end);
    }

    private static List<Trade> MakeTrades(Random random, int count, long start)
    {
        var trades = new List<Trade>();
        var time = start;
        for (var id = 1; id <= count; id++)
        {
            time += random.Next(20) == 0 ? random.Next(1, random.Next(10) == 0 ? 1_500_000_000 : 100_000_000) : random.Next(0, 900_000);
            var side = random.Next(2) == 0 ? AggressorSide.Buy : AggressorSide.Sell;
            trades.Add(Trade(Bitcoin, id, time, $"{random.Next(100, 200)}.{random.Next(100)}", $"{random.Next(1, 50)}", side));
        }

        return trades;
    }

    private void AddLive(Trade trade) => Add(trade.EventTime + Latency, 1, world =>
    {
        LastEventTime = Math.Max(LastEventTime, trade.EventTime);
        world.Send(world.Now, trade);
        if (Health == HealthState.Stale)
        {
            Tell(world, HealthState.Fresh, trade.EventTime);
        }
    });

    private void AddHole(Random random, List<Trade> missing, Trade before, Trade after, bool isGivenUp)
    {
        Holes++;
        if (random.Next(2) == 0 && after.EventTime - before.EventTime > 1_000_000)
        {
            // Half of the holes are noticed by the health of the stream before the next trade tells of them.
            Add(before.EventTime + Latency + 500_000, 2, world => Tell(world, HealthState.Stale, 0));
        }

        var found = after.EventTime + Latency;
        var gap = new Gap(
            Bitcoin, missing[0].Id, missing[^1].Id, GapState.Open, "stream", [new IdRange(missing[0].Id, missing[^1].Id)], 0, before.EventTime,
            after.EventTime, found, found, IsAnnounced: true);
        Add(found, 0, world => world.Send(world.Now, gap));
        var at = found + (random.Next(3) == 0 ? random.NextInt64(1_200_000_000) : random.NextInt64(100_000, 9_000_000));
        var filled = isGivenUp ? random.Next(missing.Count) : missing.Count;
        for (var i = 0; i < filled; i += PageSize, at += PageTime)
        {
            var page = missing.Skip(i).Take(Math.Min(PageSize, filled - i)).Select(trade => trade with { Source = TradeSource.Repair }).ToArray();
            Delivered.AddRange(page);
            Add(at, 1, world => world.Send(world.Now, page));
        }

        var state = isGivenUp ? GapState.Abandoned : random.Next(2) == 0 ? GapState.VenueSilent : GapState.Repaired;
        Add(at, 2, world => world.Send(world.Now, gap with { State = state, Missing = [] }));
        if (isGivenUp)
        {
            Lost.Add((filled == 0 ? before.EventTime : missing[filled - 1].EventTime, after.EventTime));
        }
    }

    private void Tell(CandleWorld world, HealthState state, long lastEventTime)
    {
        Health = state;
        world.Tell(world.Now, Bitcoin, state, lastEventTime);
    }

    private void Add(long at, int order, Action<CandleWorld> act) => _agenda.Add((at, order, act));
}
