using Pipeline.Core.Books;
using Pipeline.Core.Market;

namespace Pipeline.Tests.Books;

public sealed class UpdateBufferTests
{
    [Fact]
    public void Add_RandomSizes_HoldsTheNewestWithinBothBounds()
    {
        var random = new Random(9);
        var buffer = new UpdateBuffer(maxUpdates: 20, maxLevels: 50);
        var expected = new List<(long Id, int Levels)>();
        for (var id = 1L; id <= 5_000; id++)
        {
            var size = random.Next(random.Next(10) == 0 ? 40 : 6);
            var gone = buffer.Add(TestBooks.Update(BookRule.Range, id, id, bids: size), [.. Enumerable.Repeat(Level(id), size)]);
            var held = expected.Count;
            expected.Add((id, size));
            while (expected.Count > 20 || expected.Sum(one => one.Levels) > 50)
            {
                expected.RemoveAt(0);
            }

            Assert.Equal(held + 1 - expected.Count, gone);
            Assert.Equal(expected.Select(one => one.Id), Enumerable.Range(0, buffer.Count).Select(i => buffer[i].LastUpdateId));
            for (var i = 0; i < buffer.Count; i++)
            {
                Assert.Equal(Enumerable.Repeat(Level(buffer[i].LastUpdateId), expected[i].Levels), buffer.LevelsOf(buffer[i]).ToArray());
            }
        }
    }

    [Fact]
    public void Add_BudgetUsedUpByAnother_KeepsTheNewestItHasRoomForAndGivesAllBack()
    {
        // Two levels and the update itself: five.
        var budget = new BufferBudget(23);
        var (first, second) = (new UpdateBuffer(100, 100, budget), new UpdateBuffer(100, 100, budget));
        Assert.Equal([0, 0, 0], new[] { 1, 2, 3 }.Select(id => Add(first, id)));
        Assert.Equal([0, 1, 1], new[] { 1, 2, 3 }.Select(id => Add(second, id)));
        Assert.Equal((3, 1, 3, 3), (first.Count, second.Count, second[0].LastUpdateId, budget.Left));
        Assert.Equal(Enumerable.Repeat(Level(3), 2), second.LevelsOf(second[0]).ToArray());

        // One that holds nothing and finds nothing left goes without.
        var third = new UpdateBuffer(100, 100, budget);
        Assert.Equal((1, 0), (Add(third, 1), third.Count));
        first.Clear();
        Assert.Equal((0, 1), (Add(third, 2), third.Count));
        second.Clear();
        third.Clear();
        Assert.Equal(23, budget.Left);
    }

    private static int Add(UpdateBuffer buffer, long id) => buffer.Add(TestBooks.Update(BookRule.Range, id, id, bids: 2), [Level(id), Level(id)]);

    private static BookLevel Level(long id) => new(new Number(id, 0), new Number(1, 0));
}
