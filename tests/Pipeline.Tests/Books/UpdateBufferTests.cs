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

    private static BookLevel Level(long id) => new(new Number(id, 0), new Number(1, 0));
}
