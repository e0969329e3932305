using System.Reactive.Disposables;
using Pipeline.Core.Feeds;

namespace Pipeline.Tests.Feeds;

public sealed class StreamWishesTests : IStreamSubscriptions
{
    private readonly List<string> _calls = [];
    private readonly StreamCatalog _catalog = new();
    private readonly StreamWishes _wishes;
    private string? _full;

    public StreamWishesTests() => _wishes = new StreamWishes(this, _catalog);

    [Fact]
    public void Follow_AnotherSet_CallsForTheDifferenceTheImportantFirst()
    {
        _wishes.Follow([Stream("q", 2), Stream("t", 0), Stream("b", 1)]);
        Assert.Equal(["+t", "+b", "+q"], _calls);
        _calls.Clear();

        var difference = _wishes.Follow([Stream("b", 1), Stream("x", 3), Stream("q", 2)]);

        Assert.Equal(["+x", "-t"], _calls);
        Assert.Equal(("x", "t", 2), (Assert.Single(difference.Added), Assert.Single(difference.Removed), difference.Untouched));
        Assert.Equal(["b", "q", "x"], _catalog.All.Select(stream => stream.Name).Order());
        _calls.Clear();
        Assert.True(_wishes.Follow([Stream("x", 3), Stream("b", 1), Stream("q", 2)]).IsEmpty);
        Assert.Empty(_calls);
    }

    [Fact]
    public void Follow_OtherLegs_MoveThatStreamAlone()
    {
        _wishes.Follow([Stream("t", 0), Stream("q", 2)]);
        _calls.Clear();

        var difference = _wishes.Follow([Stream("t", 0) with { Legs = 2 }, Stream("q", 2)]);

        Assert.Equal(["t 2"], _calls);
        Assert.Equal(("t", 1), (Assert.Single(difference.Moved), difference.Untouched));
        Assert.False(difference.IsEmpty);
        Assert.True(_wishes.Follow([Stream("t", 0) with { Legs = 2 }, Stream("q", 2)]).IsEmpty);
    }

    [Fact]
    public void Follow_StreamThatIsRefused_CostsNoOtherAndIsAskedForAgain()
    {
        _full = "t";
        var difference = _wishes.Follow([Stream("t", 0), Stream("q", 2)]);
        Assert.Equal(("t: no room", "q"), (Assert.Single(difference.Refused), Assert.Single(difference.Added)));
        Assert.Null(_catalog.Find("t"));

        _full = null;
        Assert.Equal(["t"], _wishes.Follow([Stream("t", 0), Stream("q", 2)]).Added);
    }

    [Fact]
    public async Task Follow_FromManyThreads_EndsWithTheLastSetAndEachReferenceTakenBackOnce()
    {
        await Parallel.ForAsync(0, 200, (i, _) =>
        {
            _wishes.Follow([.. Enumerable.Range(i % 10, 10).Select(n => Stream($"s{n}", 0))]);
            return ValueTask.CompletedTask;
        });
        _wishes.Follow([Stream("s1", 0)]);

        foreach (var calls in _calls.GroupBy(call => call[1..]))
        {
            Assert.Equal(calls.Key == "s1" ? 1 : 0, calls.Sum(call => call[0] == '+' ? 1 : -1));
        }
    }

    void IStreamSubscriptions.Update(FeedStream stream) => _calls.Add($"{stream.Name} {stream.Legs}");

    public IDisposable Subscribe(FeedStream stream)
    {
        if (stream.Name == _full)
        {
            throw new InvalidOperationException("no room");
        }

        _calls.Add($"+{stream.Name}");
        return Disposable.Create(() => _calls.Add($"-{stream.Name}"));
    }

    private static FeedStream Stream(string name, int rank) => new(name, null, StreamChannel.Trade, "trade", rank);
}
