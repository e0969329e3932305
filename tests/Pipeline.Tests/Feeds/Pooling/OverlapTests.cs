using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Pooling;

namespace Pipeline.Tests.Feeds.Pooling;

public sealed class OverlapTests
{
    private readonly Overlap _overlap = new(TimeSpan.FromSeconds(15));
    private readonly TestProgress _progress = new();

    [Fact]
    public void AStream_IsOver_WhenItsIdsMeetThoseOfTheOldSocket()
    {
        Expect("a", "b");
        Acknowledge(1, "a", "b");
        _progress.Note("a", 10, socket: 1);
        _progress.Note("a", 12, socket: 2);
        _progress.Note("b", 10, socket: 1);
        _progress.Note("b", 11, socket: 2);

        Look(2);
        Assert.False(_overlap.IsDone);
        Assert.Equal(1, _overlap.Unproven);
        _progress.Note("a", 11, socket: 1);
        Look(3);

        Assert.True(_overlap.IsDone);
        Assert.True(_overlap.IsProven);
    }

    [Fact]
    public void AQuietStream_IsOverFifteenSecondsAfterItsOwnAcknowledgement()
    {
        Expect("a", "b");
        Acknowledge(1, "a");
        Acknowledge(5, "b");
        Assert.Equal(TimeSpan.FromSeconds(16), _overlap.NextDue);

        Look(16);
        Assert.Equal(TimeSpan.FromSeconds(20), _overlap.NextDue);
        Look(19.999);
        Assert.False(_overlap.IsDone);
        Look(20);

        Assert.True(_overlap.IsDone);
        Assert.Equal(2, _overlap.Unproven);
        Assert.Null(_overlap.NextDue);
    }

    [Fact]
    public void DataWithoutAnAcknowledgement_ProvesNothing()
    {
        Expect("a");
        _progress.Note("a", 10, socket: 1);
        _progress.Note("a", 11, socket: 2);
        Look(100);

        Assert.False(_overlap.IsSubscribed);
        Assert.False(_overlap.IsDone);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void ARefusal_CountsWhereTheOldSocketHasTheStream(bool isMissed, bool expected)
    {
        Expect("a");
        _overlap.Refuse("a", isMissed);
        Look(1);

        Assert.Equal(expected, _overlap.IsDone);
    }

    [Fact]
    public void ALostSocket_BeginsEverythingAgain()
    {
        Expect("a", "b", "c");
        Acknowledge(1, "a", "b");
        Look(16);
        _overlap.Refuse("c", isMissed: true);
        _overlap.Reset();
        Assert.Equal(3, _overlap.Unanswered);

        Acknowledge(20, "a", "b", "c");
        Look(35);

        Assert.True(_overlap.IsDone);
        Assert.Equal(3, _overlap.Unproven);
    }

    [Fact]
    public void AStreamNobodyWantsAnyMore_IsNotWaitedFor()
    {
        Expect("a", "b");
        Acknowledge(1, "a");
        _overlap.Remove("a");
        _overlap.Remove("b");

        Assert.True(_overlap.IsDone);
        Assert.Equal(0, _overlap.Unproven);
    }

    private void Expect(params string[] streams)
    {
        foreach (var stream in streams)
        {
            _overlap.Add(stream, new FeedStream(stream, null, StreamChannel.Trade, "trade", 0));
        }
    }

    private void Acknowledge(double seconds, params string[] streams)
    {
        foreach (var stream in streams)
        {
            _overlap.Acknowledged(stream, TimeSpan.FromSeconds(seconds));
        }
    }

    private void Look(double seconds) => _overlap.Look(_progress, 2, TimeSpan.FromSeconds(seconds));
}
