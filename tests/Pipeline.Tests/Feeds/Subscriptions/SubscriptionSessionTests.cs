using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Subscriptions;
using Pipeline.TestKit.Feeds;

namespace Pipeline.Tests.Feeds.Subscriptions;

public sealed class SubscriptionSessionTests
{
    private TestVenueAdapter _adapter = new();
    private readonly List<string> _outcomes = [];

    [Fact]
    public void Wishes_MadeBeforeConnecting_AreSentOnConnect_AndConfirmedByTheirAck()
    {
        using var world = new ConnectionWorld();
        using var session = Open(world);
        session.Subscribe("a", "b");
        world.Connection.Start();
        world.Advance(0.1);
        Assert.Equal(["0 SUBSCRIBE a,b 1"], Sent(world.Socket));
        Assert.False(session.IsReady);

        world.Socket.Deliver("data", "ack 1", "data");

        Assert.True(session.IsReady);
        Assert.Equal(["Subscribe a,b ok"], _outcomes);
        Assert.Equal(1, world.Counter("pipeline.feed.requests", "sent"));
        Assert.Equal(1, world.Counter("pipeline.feed.requests", "acknowledged"));
        Assert.Equal(0, world.Time.PendingTimers);
    }

    [Fact]
    public void Intent_SurvivesTheSocket_ConfirmationDoesNot()
    {
        using var world = Connected(out var session, "a", "b");
        world.Socket.Deliver("ack 1", "data");
        session.Unsubscribe("b");
        world.Advance(5);

        world.Socket.CloseByVenue();
        Assert.Equal(StreamState.Requested, session.States["a"]);
        world.Advance(0.1);

        Assert.Equal(2, world.Transport.Sockets.Count);
        Assert.Equal(["5.1 SUBSCRIBE a 3"], Sent(world.Socket));
        world.Socket.Deliver("ack 3");
        Assert.True(session.IsReady);
    }

    [Fact]
    public void Answers_OutOfOrder_AreMatchedById()
    {
        using var world = Connected(out var session, [.. Enumerable.Range(0, 300).Select(i => $"s{i}")]);
        world.Advance(1);
        Assert.Equal(2, world.Socket.Sent.Count);

        world.Socket.Deliver("ack 2");
        Assert.Equal(StreamState.Confirmed, session.States["s299"]);
        Assert.Equal(StreamState.Requested, session.States["s0"]);
        world.Socket.Deliver("ack 1");

        Assert.True(session.IsReady);
    }

    [Fact]
    public void ErrorWithoutId_BelongsToTheOldestRequest()
    {
        using var world = Connected(out var session, "a");
        session.Subscribe("b");
        world.Advance(1);

        world.Socket.Deliver("error Invalid");

        Assert.Equal(StreamState.Failed, session.States["a"]);
        Assert.Equal(StreamState.Requested, session.States["b"]);
        Assert.Equal(["Subscribe a Invalid"], _outcomes);
        Assert.Equal(1, world.Counter("pipeline.feed.requests", "refused"));
        Assert.Equal(1, world.Counter("pipeline.feed.streams_failed", "quarantined"));
    }

    [Fact]
    public void MissingAck_IsAskedForOnceMore_ThenReported_AndTriedAgainEverMoreRarely()
    {
        using var world = Connected(out var session, "a");

        world.Advance(10);
        Assert.Empty(_outcomes);
        world.Advance(10);

        Assert.Equal(["0 SUBSCRIBE a 1", "10 SUBSCRIBE a 2"], Sent(world.Socket));
        Assert.Equal(["Subscribe a two requests for it were not answered in time"], _outcomes);
        Assert.Equal(StreamState.Failed, session.States["a"]);
        Assert.Equal(2, world.Counter("pipeline.feed.requests", "timeout"));
        Assert.Equal(1, world.Counter("pipeline.feed.streams_failed", "unanswered"));
        world.Advance(180);
        Assert.Equal([0, 10, 50, 60, 130, 140], world.Socket.Sent.Select(sent => sent.Time.TotalSeconds));
        world.Socket.Deliver($"ack {world.Socket.Sent.Count}");
        Assert.True(session.IsReady);
    }

    [Fact]
    public void MissingAck_PassedOverByALaterOne_IsAskedForAgainTwoSecondsLater()
    {
        using var world = Connected(out var session, [.. Enumerable.Range(0, 300).Select(i => $"s{i:000}")]);
        world.Advance(0.3);
        world.Socket.Deliver("ack 2");
        world.Advance(1.9);
        Assert.Equal(2, world.Socket.Sent.Count);
        world.Advance(0.2);

        Assert.Equal([0, 0.2625, 2.4], world.Socket.Sent.Select(sent => sent.Time.TotalSeconds));
        world.Socket.Deliver("ack 3");
        Assert.True(session.IsReady);
    }

    [Fact]
    public void MissingAck_AnsweredOnTheSecondRequest_IsConfirmed()
    {
        using var world = Connected(out var session, "a");
        world.Advance(10.5);

        world.Socket.Deliver("ack 2");

        Assert.True(session.IsReady);
        Assert.Equal(["Subscribe a ok"], _outcomes);
    }

    [Fact]
    public void LateAcks_AfterAHoldThatOutlastedBothRequests_ConfirmTheStreams()
    {
        using var world = Connected(out var session, "a");
        var room = new TaskCompletionSource();
        using (world.Connection.MessageReceived.Subscribe(batch => batch.HoldUntil(room.Task)))
        {
            world.Socket.Deliver("data");
        }

        world.Socket.Deliver("ack 1", "ack 2", "data");
        world.Advance(60);
        Assert.NotEqual(StreamState.Confirmed, session.States["a"]);
        room.SetResult();

        Assert.True(session.IsReady);
        Assert.Equal(["Subscribe a two requests for it were not answered in time", "Subscribe a ok"], _outcomes);
        world.Socket.Deliver("ack 3", "ack 4");
        var looks = _adapter.Looks;
        world.Socket.Deliver("data");
        Assert.Equal(looks, _adapter.Looks);
    }

    [Fact]
    public void LateAck_WhileTheSecondRequestWaits_ConfirmsOnceAndForGood()
    {
        using var world = Connected(out var session, "a");
        world.Advance(10);

        world.Socket.Deliver("ack 1");
        Assert.True(session.IsReady);
        world.Advance(0.2);
        Assert.True(session.IsReady);
        world.Advance(60);
        world.Socket.Deliver("error 2 Duplicate");

        Assert.True(session.IsReady);
        Assert.Equal(["Subscribe a ok"], _outcomes);
    }

    [Fact]
    public void LateAck_OfAWishMadeAnewSince_ProvesNothing()
    {
        using var world = Connected(out var session, "a");
        world.Advance(5);
        session.Unsubscribe("a");
        world.Advance(1);
        session.Subscribe("a");
        world.Advance(7);

        world.Socket.Deliver("ack 1");
        Assert.Equal(StreamState.Requested, session.States["a"]);
        world.Socket.Deliver("ack 2", "ack 3");

        Assert.True(session.IsReady);
        Assert.Equal(["Subscribe a ok"], _outcomes);
    }

    [Fact]
    public void LateRefusal_TellsTheVenuesWords()
    {
        using var world = Connected(out var session, "a");
        world.Advance(21);

        world.Socket.Deliver("error 2 Unknown stream");

        Assert.Equal(StreamState.Failed, session.States["a"]);
        Assert.Equal(["Subscribe a two requests for it were not answered in time", "Subscribe a Unknown stream"], _outcomes);
    }

    [Fact]
    public void RefusedStream_IsLeftInPeaceOnTheNextSocket_AndTriedAloneAfterAnHour()
    {
        using var world = Connected(out var session, "a");
        world.Socket.Deliver("error 1 no", "data");
        session.Subscribe("b");
        world.Advance(5);

        world.Socket.CloseByVenue();
        world.Advance(0.1);
        Assert.Equal(["5.1 SUBSCRIBE b 3"], Sent(world.Socket));
        world.Socket.Deliver("ack 3", "data");
        world.Advance(3594.8);
        Assert.Single(world.Socket.Sent);
        world.Advance(0.1);
        Assert.Equal("3600.1 SUBSCRIBE a 4", Sent(world.Socket)[1]);
        world.Socket.Deliver("ack 4");

        Assert.True(session.IsReady);
    }

    [Fact]
    public void BusyVenue_IsAskedAgainAfterAPauseThatGrows_AndNothingFails()
    {
        using var world = Connected(out var session, "a", "b");
        world.Socket.Deliver("busy 1");
        session.Subscribe("c");
        world.Advance(10.1);
        world.Socket.Deliver("busy 2");
        world.Advance(20.1);
        world.Socket.Deliver("ack 3");

        Assert.Equal(["0 SUBSCRIBE a,b 1", "10.1 SUBSCRIBE a,b,c 2", "30.2 SUBSCRIBE a,b,c 3"], Sent(world.Socket));
        Assert.True(session.IsReady);
        Assert.Equal(["Subscribe a,b,c ok"], _outcomes);
        Assert.Equal(2, world.Counter("pipeline.feed.requests", "busy"));
        Assert.Equal(2, world.Counter("pipeline.feed.requests", "held-back"));
    }

    [Fact]
    public void AlreadyHeld_AfterAnAnswerWasLost_ConfirmsTheWholeRequest()
    {
        using var world = Connected(out var session, "a", "b");
        world.Advance(10);
        world.Socket.Deliver("held 2");

        Assert.True(session.IsReady);
        Assert.Equal(["Subscribe a,b ok"], _outcomes);
        Assert.Equal(2, world.Socket.Sent.Count);
    }

    [Fact]
    public void AlreadyHeld_InARequestThatWasNotMadeBefore_IsHalved_AndTheRestIsAskedFor()
    {
        using var world = Connected(out var session, "a", "b");
        world.Socket.Deliver("held 1");
        world.Advance(1);
        world.Socket.Deliver("held 2");
        world.Advance(1);
        world.Socket.Deliver("ack 3");

        Assert.True(session.IsReady);
        Assert.Equal(["a,b", "a", "b"], world.Socket.Sent.Select(sent => string.Join(',', TestVenueAdapter.Decode(sent.Text).Streams)));
        Assert.Equal(["Subscribe a ok", "Subscribe b ok"], _outcomes);
    }

    [Fact]
    public void Close_OfAVenueThatGoesAway_IsBlamedOnNoRequest()
    {
        using var world = Connected(out _, "a", "b");
        world.Socket.CloseByVenue(1001, "going away");
        world.Advance(5);

        Assert.Equal("SUBSCRIBE a,b 2", Sent(world.Socket)[0].Split(' ', 2)[1]);
    }

    [Fact]
    public void UnsubscribeAndSubscribe_BeforeTheVenueWasTold_LeaveTheStreamAlone()
    {
        using var world = Connected(out var session, "a", "b");
        world.Socket.Deliver("ack 1");
        session.Subscribe("c");
        session.Unsubscribe("a");
        session.Subscribe("a");
        world.Advance(5);

        Assert.Equal(["a,b", "c"], world.Socket.Sent.Select(sent => string.Join(',', TestVenueAdapter.Decode(sent.Text).Streams)));
        Assert.Equal(StreamState.Confirmed, session.States["a"]);
    }

    [Fact]
    public void EverythingLeft_NothingIsRemembered()
    {
        using var world = Connected(out var session, [.. Enumerable.Range(0, 300).Select(i => $"s{i}")]);
        world.Advance(1);
        world.Socket.Deliver("ack 1", "error 2 no");
        session.Unsubscribe([.. session.States.Keys]);
        world.Advance(1);
        world.Socket.Deliver([.. world.Socket.Sent.Skip(2).Select(sent => $"ack {TestVenueAdapter.Decode(sent.Text).Id}")]);
        world.Advance(30);

        Assert.Equal((0, 0, false), session.Sizes);
        Assert.Equal(0, world.Time.PendingTimers);
    }

    [Fact]
    public void Unsubscribe_IsSentAndConfirmed()
    {
        using var world = Connected(out var session, "a", "b");
        world.Socket.Deliver("ack 1");

        session.Unsubscribe("a", "never asked for");
        world.Advance(0.5);
        world.Socket.Deliver("ack 2");

        Assert.Equal("UNSUBSCRIBE a 2", Sent(world.Socket)[1].Split(' ', 2)[1]);
        Assert.Equal(["Subscribe a,b ok", "Unsubscribe a ok"], _outcomes);
        Assert.Equal(["b"], session.States.Keys);
    }

    [Fact]
    public void SubscribeTwice_AsksOnce()
    {
        using var world = Connected(out var session, "a");
        world.Socket.Deliver("ack 1");

        session.Subscribe("a");
        world.Advance(1);

        Assert.Single(world.Socket.Sent);
    }

    [Fact]
    public void WishTakenBack_BeforeItsAnswer_IsNotReported()
    {
        using var world = Connected(out var session, "a", "b");

        session.Unsubscribe("a");
        world.Socket.Deliver("ack 1");

        Assert.Equal(["Subscribe b ok"], _outcomes);
    }

    [Fact]
    public void NameTooLong_FailsAtOnce_AndSinksNothing()
    {
        using var world = Connected(out var session, "a", new string('x', 5000));

        Assert.Contains("longer than a request may be", Assert.Single(_outcomes), StringComparison.Ordinal);
        world.Socket.Deliver("ack 1");
        Assert.True(session.IsReady);
    }

    [Fact]
    public void Frames_WithoutAnOpenRequest_AreNotLookedAt()
    {
        using var world = Connected(out _, "a");
        world.Socket.Deliver("ack 1");
        var looks = _adapter.Looks;

        world.Socket.Deliver([.. Enumerable.Range(0, 1000).Select(i => $"data {i}")]);

        Assert.Equal(looks, _adapter.Looks);
    }

    [Fact]
    public void AnswersPerStream_ConfirmTheGoodOnes_AndFailTheBadOneAlone()
    {
        using var world = Connected(out var session, "a", "b", "c");

        world.Socket.Deliver("took 1 c", "refused 1 b");
        Assert.Equal(
            [StreamState.Requested, StreamState.Failed, StreamState.Confirmed],
            new[] { "a", "b", "c" }.Select(stream => session.States[stream]));
        world.Socket.Deliver("took 1 a");

        Assert.Equal(["Subscribe c ok", "Subscribe b no such stream", "Subscribe a ok"], _outcomes);
        Assert.Equal(1, world.Counter("pipeline.feed.requests", "acknowledged"));
        Assert.Equal(1, world.Counter("pipeline.feed.requests", "refused"));
        world.Advance(60);
        Assert.Single(world.Socket.Sent);

        // The hour of the refused one.
        Assert.Equal(1, world.Time.PendingTimers);
    }

    [Fact]
    public void AnswersPerStream_OneIsMissing_OnlyThatOneIsAskedForAgain()
    {
        using var world = Connected(out _, "a", "b", "c");

        world.Socket.Deliver("took 1 a", "refused 1 b");
        world.Advance(10.2);

        Assert.Equal("SUBSCRIBE c 2", Sent(world.Socket)[1].Split(' ', 2)[1]);
    }

    [Fact]
    public void Renew_SubscribesAgain_OnlyAfterTheStreamWasLeft()
    {
        using var world = Connected(out var session, "a", "b");
        world.Socket.Deliver("took 1 a", "took 1 b");

        Assert.True(session.Renew("a"));
        Assert.True(session.Renew("a"));
        Assert.False(session.Renew("never asked for"));
        world.Advance(5);
        Assert.Equal(["SUBSCRIBE a,b 1", "UNSUBSCRIBE a 2"], Sent(world.Socket).Select(line => line.Split(' ', 2)[1]));
        world.Socket.Deliver("took 2 a");
        world.Advance(1);
        world.Socket.Deliver("took 3 a");

        Assert.Equal("SUBSCRIBE a 3", Sent(world.Socket)[2].Split(' ', 2)[1]);
        Assert.Equal(["Subscribe a ok", "Subscribe b ok", "Unsubscribe a ok", "Subscribe a ok"], _outcomes);
        Assert.True(session.IsReady);
    }

    [Fact]
    public void Renew_OfAStreamThatStood_IsNoReasonToBeUnready_NorIsARefusal()
    {
        using var world = Connected(out var session, "a", "b");
        world.Socket.Deliver("took 1 a");
        session.Renew("b");
        Assert.False(session.IsReady);
        world.Socket.Deliver("took 1 b");
        world.Advance(1);
        world.Socket.Deliver("took 2 b");
        world.Advance(1);
        Assert.False(session.IsReady);
        world.Socket.Deliver("took 3 b");
        Assert.True(session.IsReady);

        session.Renew("a");
        Assert.True(session.IsReady);
        world.Advance(1);
        world.Socket.Deliver("took 4 a");
        Assert.True(session.IsReady);
        world.Advance(1);
        world.Socket.Deliver("refused 5 a");

        Assert.Equal((true, 1, StreamState.Failed), (session.IsReady, session.ConfirmedCount, session.States["a"]));
        Assert.Equal("SUBSCRIBE a 5", Sent(world.Socket)[^1].Split(' ', 2)[1]);
    }

    [Fact]
    public void Renew_WhileTheSocketIsLost_AsksForEverythingOnTheNext()
    {
        using var world = Connected(out var session, "a", "b");
        world.Socket.Deliver("ack 1", "data");
        world.Advance(5);

        session.Renew("a");
        world.Socket.CloseByVenue();
        world.Advance(0.2);

        Assert.Equal(2, session.Count);
        Assert.Equal(["SUBSCRIBE a,b 3"], Sent(world.Socket).Select(line => line.Split(' ', 2)[1]));
    }

    [Fact]
    public void Renew_ThenUnsubscribe_DoesNotComeBack()
    {
        using var world = Connected(out var session, "a", "b");
        world.Socket.Deliver("ack 1");

        session.Renew("a");
        session.Unsubscribe("a");
        world.Advance(1);
        world.Socket.Deliver("ack 2");
        world.Advance(60);

        Assert.Equal(["b"], session.States.Keys);
        Assert.Equal(2, world.Socket.Sent.Count);
    }

    [Fact]
    public void VenueWithoutRequests_StreamsAreConfirmedByTheConnection()
    {
        _adapter = new TestVenueAdapter { TakesRequests = false };
        using var world = new ConnectionWorld();
        using var session = Open(world);
        session.Subscribe("events");
        Assert.False(session.IsReady);
        world.Connection.Start();

        session.Subscribe("more");
        world.Advance(1);

        Assert.True(session.IsReady);
        Assert.Equal(["Subscribe events ok", "Subscribe more ok"], _outcomes);
        Assert.Empty(world.Socket.Sent);
        world.Socket.Deliver("data");
        world.Socket.CloseByVenue();
        world.Advance(3);
        Assert.True(session.IsReady);
    }

    [Fact]
    public void Outage_DropsPendingRequestsAndDeadlines()
    {
        using var world = Connected(out _, [.. Enumerable.Range(0, 1000).Select(i => $"s{i}")]);
        world.Transport.ThenHang();

        world.Socket.Break();
        world.Advance(5);

        Assert.Empty(_outcomes);
        Assert.Equal(0, world.Counter("pipeline.feed.requests", "timeout"));
    }

    private SubscriptionSession Open(ConnectionWorld world)
    {
        var session = new SubscriptionSession(_adapter, world.Connection, new PoolOptions(), world.Time, world.Metrics);
        session.Outcomes.Subscribe(outcome =>
            _outcomes.Add($"{outcome.Action} {string.Join(',', outcome.Streams)} {outcome.Reason ?? "ok"}"));
        return session;
    }

    /// <summary>Connected, with the first request sent.</summary>
    private ConnectionWorld Connected(out SubscriptionSession session, params string[] streams)
    {
        var world = new ConnectionWorld();
        session = Open(world);
        session.Subscribe(streams);
        world.Connection.Start();
        world.Advance(0.1);
        return world;
    }

    private static List<string> Sent(FakeFeedSocket socket) => [.. socket.Sent.Select(sent =>
    {
        var (method, streams, id) = TestVenueAdapter.Decode(sent.Text);
        return FormattableString.Invariant($"{sent.Time.TotalSeconds} {method} {string.Join(',', streams)} {id}");
    })];
}
