using Pipeline.Core.Market;
using Pipeline.Core.Sequencing;

namespace Pipeline.Tests.Sequencing;

/// <summary>What must hold whatever the sockets and the venue's REST do; the seed is the test's name.</summary>
public sealed class SequencerRepairPropertyTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 300)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AnyArrival_EveryTradeLeavesOnceAndEveryHoleIsAnnouncedAndEnds(int seed)
    {
        using var world = new RepairWorld(seed);
        world.Run();
        Assert.True(world.IsIdle);
        Assert.Equal(HoldBudget.DefaultTrades, world.Budget.Left);

        var expected = world.Truth.Where(trade => trade.Id >= world.Seen.First && trade.Id <= world.Seen.Last).ToList();
        var left = world.Left.Select(one => one.What).OfType<Trade>().ToList();
        Assert.Equal(
            expected.Where(trade => trade.Kind == TradeKind.Market).Select(trade => trade.Id), left.SelectMany(IdsOf).Order());
        var live = left.Where(trade => trade.Source == TradeSource.Live).Select(trade => trade.Id).ToList();
        Assert.Equal(live.Order(), live);
        FollowHoles(world, [.. expected.Select(trade => trade.Id)]);
        AssertNothingWaitedTooLong(world);
    }

    [Fact]
    public void Seeds_MeetWhatTheyAreMadeFor()
    {
        var counts = new Dictionary<string, int>();
        foreach (var seed in Enumerable.Range(0, 300))
        {
            using var world = new RepairWorld(seed);
            world.Run();
            foreach (var gap in world.Left.Select(one => one.What).OfType<Gap>())
            {
                var name = $"{gap.State}{(gap.IsAnnounced ? "" : " unannounced")}";
                counts[name] = counts.GetValueOrDefault(name) + 1;
            }
        }

        foreach (var name in new[] { "Open", "Repaired", "Repaired unannounced", "VenueSilent", "VenueSilent unannounced" })
        {
            Assert.InRange(counts.GetValueOrDefault(name), 50, int.MaxValue);
        }

        Assert.DoesNotContain("Abandoned", counts.Keys);
    }

    private static IEnumerable<long> IdsOf(Trade trade)
    {
        for (var id = trade.FirstId; id <= trade.Id; id++)
        {
            yield return id;
        }
    }

    /// <summary>Nothing goes on behind a hole that is not told, nothing is fetched that is not missing, and every hole has one right end.</summary>
    internal static void FollowHoles(RepairWorld world, HashSet<long> existing)
    {
        var offMarket = world.Truth.Where(trade => trade.Kind == TradeKind.OffMarket).Select(trade => trade.Id).ToHashSet();
        var open = new Dictionary<long, Gap>();
        var gone = new HashSet<long>();
        var ended = new HashSet<long>();
        var absent = new HashSet<long>();
        var frontier = -1L;
        foreach (var what in world.Left.Select(one => one.What))
        {
            if (what is Trade trade)
            {
                if (trade.Id <= frontier)
                {
                    Assert.Equal(TradeSource.Repair, trade.Source);
                    Assert.Contains(open.Values, gap => IdsOf(trade).All(id => gap.Missing.Any(range => range.Holds(id))));
                }
                else
                {
                    for (var id = frontier + 1; frontier >= 0 && id < trade.FirstId; id++)
                    {
                        var isKnown = offMarket.Contains(id) || !existing.Contains(id) || open.Values.Any(gap => id >= gap.FromId && id <= gap.ToId);
                        Assert.True(isKnown, $"{id} is passed over and not announced");
                    }

                    frontier = trade.Id;
                }

                Assert.All(IdsOf(trade), id => Assert.True(gone.Add(id)));
                continue;
            }

            var record = (Gap)what;
            if (record.State == GapState.Open)
            {
                Assert.True(!ended.Contains(record.FromId) && record.IsAnnounced && record.Missing.Count > 0);
                open[record.FromId] = record;
                continue;
            }

            Assert.True(ended.Add(record.FromId), $"{record} ends twice");
            Assert.Equal(record.IsAnnounced, open.Remove(record.FromId));
            Assert.Equal(record.State == GapState.Repaired, record.Missing.Count == 0);
            foreach (var id in record.Missing.SelectMany(range => Enumerable.Range(0, (int)range.Count).Select(i => range.First + i)))
            {
                Assert.False(existing.Contains(id), $"{id} exists, and the venue is said to have nothing under it");
                absent.Add(id);
            }
        }

        Assert.Empty(open);

        // What the venue left out between two trades is told, all of it.
        if (existing.Count > 0)
        {
            Assert.Equal(
                Enumerable.Range((int)existing.Min(), (int)(existing.Max() - existing.Min() + 1)).Select(id => (long)id).Where(id => !existing.Contains(id)),
                absent.Order());
        }
    }

    private static void AssertNothingWaitedTooLong(RepairWorld world)
    {
        var most = LegRows.LongestWait + world.HoldMicroseconds;
        Assert.All(world.Left.Where(one => one.What is Trade { Source: TradeSource.Live }), one =>
            Assert.InRange(one.At - ((Trade)one.What).ReceivedTime, 0, most));
    }
}
