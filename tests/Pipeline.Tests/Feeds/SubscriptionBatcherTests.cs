using System.Reactive.Linq;
using System.Reactive.Subjects;
using Pipeline.Core.Feeds;
using Pipeline.Core.Time;
using Pipeline.TestKit.Feeds;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Feeds;

public sealed class SubscriptionBatcherTests : IDisposable
{
    private readonly TestTimeProvider _time = new();
    private readonly Subject<SubscriptionCommand> _commands = new();
    private readonly List<(double At, SubscriptionRequest Request)> _sent = [];

    public void Dispose() => _commands.Dispose();

    [Fact]
    public void OneWish_IsSent_AfterTheBatchDelay()
    {
        using var batch = Batch();

        _time.Advance(TimeSpan.FromMilliseconds(30));
        Wish("a");
        _time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.Empty(_sent);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(130, Assert.Single(_sent).At);
    }

    [Fact]
    public void Wishes_WithinTheDelay_ShareARequest()
    {
        using var batch = Batch();

        Wish("a");
        _time.Advance(TimeSpan.FromMilliseconds(90));
        Wish("b");
        _time.Advance(TimeSpan.FromMilliseconds(500));
        Wish("c");
        _time.Advance(TimeSpan.FromMilliseconds(500));

        Assert.Equal(["a b @100", "c @690"], _sent.Select(sent => $"{string.Join(' ', sent.Request.Streams)} @{sent.At}"));
    }

    [Fact]
    public void ThousandWishes_AtOnce_GoOutEvenlySpaced()
    {
        using var batch = Batch();

        Wish([.. Enumerable.Range(0, 1000).Select(i => $"s{i}")]);
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal([200, 200, 100, 200, 200, 100], _sent.Select(sent => sent.Request.Streams.Count));
        Assert.Equal([0, 262.5, 525, 787.5, 1050, 1312.5], _sent.Select(sent => sent.At));
    }

    [Fact]
    public void ThousandUnicodeWishes_StayBelowTheSize_AndAllGoOut()
    {
        using var batch = Batch();
        var names = Enumerable.Range(0, 1000).Select(i => $"币安人生{i}usdt@aggTrade").ToArray();

        Wish(names);
        _time.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(names, _sent.SelectMany(sent => sent.Request.Streams));
        Assert.All(_sent, sent => Assert.True(sent.Request.Payload.Length < 4000));
        AssertRate(4);
    }

    [Theory]
    [InlineData(null, 4)]
    [InlineData(2, 2)]
    [InlineData(100, 4)]
    public void Rate_UnderAStormOfWishes_IsNeverExceededInAnySecond(int? configured, int expected)
    {
        using var batch = Batch(new PoolOptions { MaxMessagesPerSecond = configured, BatchDelay = TimeSpan.FromMilliseconds(1) });
        var random = new Random(1);
        for (var i = 0; i < 60; i++)
        {
            Wish($"s{i}");
            _time.Advance(TimeSpan.FromMilliseconds(random.Next(1, 400)));
        }

        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(60, _sent.Sum(sent => sent.Request.Streams.Count));
        AssertRate(expected);
    }

    [Fact]
    public void Subscription_Disposed_DropsWhatWasNotSent_AndTheNextStartsAfresh()
    {
        var first = Batch();
        Wish([.. Enumerable.Range(0, 1000).Select(i => $"s{i}")]);
        _time.Advance(TimeSpan.FromMilliseconds(300));
        first.Dispose();
        Assert.Equal(2, _sent.Count);
        Assert.Equal(0, _time.PendingTimers);

        using var second = Batch();
        Wish("x");
        _time.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Equal(400, _sent[2].At);
    }

    [Fact]
    public void Idle_KeepsNoTimer()
    {
        using var batch = Batch();
        Wish("a");
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(0, _time.PendingTimers);
    }

    private IDisposable Batch(PoolOptions? options = null) =>
        new SubscriptionBatcher(new TestVenueAdapter(), options ?? new PoolOptions(), new TimeProviderScheduler(_time))
            .Batch(_commands)
            .Subscribe(request => _sent.Add((_time.Elapsed.TotalMilliseconds, request)));

    private void Wish(params string[] names)
    {
        foreach (var name in names)
        {
            _commands.OnNext(new SubscriptionCommand(SubscriptionAction.Subscribe, name));
        }
    }

    /// <summary>Both borders of the second count, so the rule is stricter than any venue's.</summary>
    private void AssertRate(int most) => Assert.All(_sent, first =>
        Assert.InRange(_sent.Count(sent => sent.At >= first.At && sent.At <= first.At + 1000), 1, most));
}
