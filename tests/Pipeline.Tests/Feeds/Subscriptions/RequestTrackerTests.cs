using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Subscriptions;

namespace Pipeline.Tests.Feeds.Subscriptions;

public sealed class RequestTrackerTests
{
    private readonly RequestTracker _tracker = new(TimeSpan.FromSeconds(10));

    public RequestTrackerTests()
    {
        _tracker.Add(Request(1), TimeSpan.FromSeconds(0));
        _tracker.Add(Request(2), TimeSpan.FromSeconds(1));
        _tracker.Add(Request(3), TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Complete_ById_TakesThatOneOnce()
    {
        Assert.True(_tracker.TryComplete(2, out var request));
        Assert.Equal(2, request.Id);
        Assert.False(_tracker.TryComplete(2, out _));
        Assert.Equal(2, _tracker.Count);
    }

    [Fact]
    public void Complete_WithoutId_TakesTheOldest()
    {
        _tracker.TryComplete(1, out _);

        Assert.True(_tracker.TryComplete(null, out var request));
        Assert.Equal(2, request.Id);
    }

    [Fact]
    public void Complete_OfAnUnknownId_TakesNothing()
    {
        Assert.False(_tracker.TryComplete(99, out _));
        Assert.Equal(3, _tracker.Count);
    }

    [Fact]
    public void Expire_TakesOnlyWhatIsOverdue_OldestFirst()
    {
        Assert.Equal(TimeSpan.FromSeconds(10), _tracker.NextDue);
        Assert.False(_tracker.TryExpire(TimeSpan.FromSeconds(9.9), out _));
        Assert.True(_tracker.TryExpire(TimeSpan.FromSeconds(11), out var first));
        Assert.True(_tracker.TryExpire(TimeSpan.FromSeconds(11), out var second));
        Assert.False(_tracker.TryExpire(TimeSpan.FromSeconds(11), out _));
        Assert.Equal((1, 2), (first.Id, second.Id));
    }

    [Fact]
    public void PassedOver_IsOverdueTwoSecondsLater_AndNoLaterThanItWas()
    {
        _tracker.TryComplete(3, out _);
        _tracker.PassOver(3, TimeSpan.FromSeconds(3));

        Assert.Equal(TimeSpan.FromSeconds(5), _tracker.NextDue);
        _tracker.PassOver(3, TimeSpan.FromSeconds(4));
        Assert.Equal(TimeSpan.FromSeconds(5), _tracker.NextDue);
        Assert.True(_tracker.TryExpire(TimeSpan.FromSeconds(5), out var first));
        Assert.True(_tracker.TryExpire(TimeSpan.FromSeconds(5), out var second));
        Assert.Equal((1, 2), (first.Id, second.Id));
    }

    [Fact]
    public void PassedOver_LeavesNewerOnesAlone()
    {
        _tracker.TryComplete(1, out _);
        _tracker.PassOver(1, TimeSpan.FromSeconds(3));

        Assert.Equal(TimeSpan.FromSeconds(11), _tracker.NextDue);
    }

    [Fact]
    public void Expired_IsFoundOnceByItsId()
    {
        _tracker.TryExpire(TimeSpan.FromSeconds(10), out _);

        Assert.False(_tracker.TryComplete(1, out _));
        Assert.True(_tracker.TryCompleteOverdue(1, out var request));
        Assert.Equal(1, request.Id);
        Assert.False(_tracker.TryCompleteOverdue(1, out _));
    }

    [Fact]
    public void Expired_AreBounded_OldestForgotten()
    {
        for (var id = 4; id <= RequestTracker.MaxOverdue + 1; id++)
        {
            _tracker.Add(Request(id), TimeSpan.FromSeconds(3));
        }

        while (_tracker.TryExpire(TimeSpan.FromMinutes(1), out _))
        {
            Assert.True(_tracker.IsExpecting);
        }

        Assert.False(_tracker.TryCompleteOverdue(1, out _));
        Assert.True(_tracker.TryCompleteOverdue(2, out _));
    }

    [Fact]
    public void Expired_WhenSettled_AreForgotten()
    {
        _tracker.TryExpire(TimeSpan.FromMinutes(1), out _);
        _tracker.TryExpire(TimeSpan.FromMinutes(1), out _);
        _tracker.ForgetOverdue(request => request.Id == 1);

        Assert.False(_tracker.TryCompleteOverdue(1, out _));
        Assert.True(_tracker.TryCompleteOverdue(2, out _));
    }

    [Fact]
    public void Clear_LeavesNoDeadline()
    {
        _tracker.TryExpire(TimeSpan.FromSeconds(10), out _);
        _tracker.Clear();

        Assert.Null(_tracker.NextDue);
        Assert.False(_tracker.IsExpecting);
        Assert.False(_tracker.TryComplete(null, out _));
    }

    private static SubscriptionRequest Request(long id) => new(id, SubscriptionAction.Subscribe, ["s"], default);
}
