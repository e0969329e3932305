using Pipeline.Core.Books;

namespace Pipeline.Core.Topology.Keys;

internal static class BookKeys
{
    public static Section<BookOptions> Make() =>
        new Section<BookOptions>(() => new BookOptions())
            .Key("depth", new IntegerShape(1, BookOptions.MostDepth), o => o.Depth, (o, v) => o with { Depth = v }, "Levels a side that are published.")
            .Key("snapshotInterval", new DurationShape(TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)), o => o.SnapshotInterval,
                (o, v) => o with { SnapshotInterval = v }, "Longest time between two full records of a book; updates lie between.");
}
