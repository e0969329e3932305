using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Freshness;
using Pipeline.Core.Market;

namespace Pipeline.Tests.Feeds.Freshness;

public sealed class HealthMonitorTests : IDisposable
{
    private readonly MonitorWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Watch_ThenData_IsStartingThenFreshAtOnce()
    {
        var stream = _world.Add();
        _world.Pass(2);
        _world.Bring(stream);
        _world.Pass(0);
        Assert.Equal(
            [(HealthState.Starting, "requested", 0.0), (HealthState.Fresh, "first-data", 2.0)],
            _world.Changes.Select(change => (change.Health.State, change.Health.Reason, change.At.TotalSeconds)));
        Assert.Equal(MarketTime.Now(_world.MarketClock), _world.Last.Since);
        Assert.Equal(MarketTime.Now(_world.MarketClock), _world.Last.LastReceivedTime);
        Assert.Equal(MarketTime.Now(_world.MarketClock) - 20_000, _world.Last.LastEventTime);
        Assert.Equal(("binance-1", "trade"), (_world.Last.Connection, _world.Last.DataType));
        Assert.Empty(_world.Probe.Asked);
    }

    // F20: the venue acknowledges and sends nothing, although there is something.
    [Fact]
    public void Confirmed_NoDataAndTheVenueHasNewer_IsStaleWithinElevenSecondsAndResubscribedThenSuspected()
    {
        _world.Probe.Answer = ProbeResult.Behind;
        var stream = _world.Add();
        _world.Pass(9);
        Assert.Empty(_world.Probe.Asked);
        _world.Pass(2);
        Assert.Equal((HealthState.Stale, "probe-behind"), _world.StateOf(stream));
        Assert.Equal([stream.Name], _world.Resubscribed);
        Assert.Empty(_world.Suspected);

        // Its fresh subscription is acknowledged as well, and brings as little.
        _world.Settle(SubscriptionAction.Unsubscribe, null, stream);
        _world.Confirm(stream);
        _world.Pass(11);
        Assert.Equal([("binance-1", $"{stream.Name}: probe-behind")], _world.Suspected);
        Assert.Single(_world.Resubscribed);
        Assert.Equal((HealthState.Stale, "probe-behind"), _world.StateOf(stream));
    }

    [Fact]
    public void Confirmed_NoDataAndTheVenueHasNoneEither_IsQuietAndNothingIsCut()
    {
        var stream = _world.Add();
        _world.Pass(11);
        Assert.Equal((HealthState.Quiet, "probe-up-to-date"), _world.StateOf(stream));
        Assert.Empty(_world.Resubscribed);
        Assert.Empty(_world.Suspected);
    }

    // F20, where nobody can be asked: it stays in starting, with a reason, and is asked for again ever more seldom.
    [Fact]
    public void Confirmed_NoDataAndNobodyCanTell_StaysStartingAndIsResubscribedEverMoreSeldom()
    {
        _world.Probe.Answer = ProbeResult.Unknown;
        var stream = _world.Add(StreamChannel.PartialBook, "book");
        _world.Pass(11);
        Assert.Equal((HealthState.Starting, "no-data"), _world.StateOf(stream));
        _world.Pass(6 * 3600);
        Assert.InRange(_world.Resubscribed.Count, 6, 12);
        Assert.Empty(_world.Suspected);
        Assert.Equal((HealthState.Starting, "no-data"), _world.StateOf(stream));
    }

    // F41: one stream is muted while its neighbours on the same connection run.
    [Fact]
    public void Silence_OfOneLivelyStreamAmongNeighbours_IsStaleWithinTwelveSecondsAndTouchesNoOther()
    {
        var streams = Enumerable.Range(0, 5).Select(_ => _world.Add()).ToArray();
        var (mute, others) = (streams[0], streams[1..]);
        _world.Live(60, streams);
        var before = _world.Changes.Count;
        _world.Probe.Answer = ProbeResult.Behind;
        _world.Live(12, others);
        Assert.Equal([(mute.Instrument!, HealthState.Stale)], _world.Changes.Skip(before).Select(change => (change.Health.Instrument, change.Health.State)));
        Assert.Equal([mute.Name], _world.Resubscribed);
        Assert.Empty(_world.Suspected);

        // The fresh subscription brings it back.
        _world.Live(1, streams);
        Assert.Equal((HealthState.Fresh, "data-resumed"), _world.StateOf(mute));
        Assert.Equal(TimeSpan.FromSeconds(13), TimeSpan.FromMicroseconds(_world.Last.Outage));
        _world.Live(20, streams);
        Assert.Equal(before + 2, _world.Changes.Count);
        Assert.Empty(_world.Suspected);

        // What was a fault is not taken for its habit: it is found as soon the next time.
        _world.Live(12, others);
        Assert.Equal((HealthState.Stale, "probe-behind"), _world.StateOf(mute));
    }

    [Fact]
    public void Silence_LongerThanUsualByLess_IsNotProbed()
    {
        var stream = _world.Add();
        for (var i = 0; i < 40; i++)
        {
            _world.Bring(stream);
            _world.Pass(i % 5 == 0 ? 20 : 5);
        }

        // The first silence of twenty seconds came before anything was known.
        var asked = _world.Probe.Asked.Count;
        Assert.InRange(asked, 0, 2);
        _world.Bring(stream);
        _world.Pass(79);
        Assert.Equal(asked, _world.Probe.Asked.Count);
        _world.Pass(3);
        Assert.Equal(asked + 1, _world.Probe.Asked.Count);
    }

    [Fact]
    public void Silence_OfAPairThatTradesOnceAnHour_IsNeverStaleInADay()
    {
        var stream = _world.Add();
        for (var hour = 0; hour < 24; hour++)
        {
            _world.Pass(3600);
            _world.Bring(stream);
        }

        _world.Pass(0);
        Assert.DoesNotContain(_world.Changes, change => change.Health.State == HealthState.Stale);
        Assert.Empty(_world.Resubscribed);
        Assert.Empty(_world.Suspected);
        Assert.Equal((HealthState.Fresh, "data-resumed"), _world.StateOf(stream));
        Assert.InRange(_world.Probe.Asked.Count, 24, 24 * 13);
    }

    [Fact]
    public void Probe_DataComesWhileItIsUnderWay_OutweighsItsAnswer()
    {
        var stream = _world.Add();
        _world.Live(30, stream);
        _world.Probe.Answer = null;
        _world.Pass(12);
        Assert.Equal(1, _world.Probe.Waiting);
        _world.Bring(stream);
        _world.Pass(0);
        _world.Probe.Give(ProbeResult.Behind);
        Assert.Equal((HealthState.Fresh, "first-data"), _world.StateOf(stream));
        Assert.Empty(_world.Resubscribed);
    }

    [Fact]
    public void Probe_NeverAnswers_CountsAsUnknownAfterItsTimeout()
    {
        var stream = _world.Add();
        _world.Live(30, stream);
        _world.Probe.Answer = null;
        _world.Pass(12);
        Assert.Equal((HealthState.Fresh, "first-data"), _world.StateOf(stream));
        _world.Pass(15);
        Assert.Equal((HealthState.Quiet, "unproven"), _world.StateOf(stream));
        Assert.Equal(1, _world.Count("pipeline.stream.probes", "timeout"));
    }

    [Fact]
    public void Probe_ManyStreamsFallSilent_AreAskedTwoAtATimeTheLiveliestFirst()
    {
        var slow = Enumerable.Range(0, 10).Select(_ => _world.Add()).ToArray();
        var lively = _world.Add();
        for (var i = 0; i < 10; i++)
        {
            _world.Bring(slow);
            _world.Bring(lively);
            _world.Live(30, lively);
        }

        var before = _world.Probe.Asked.Count;
        _world.Probe.Answer = null;
        _world.Pass(400);
        var asked = _world.Probe.Asked.Skip(before).ToList();
        Assert.Equal(lively.Name, asked[0]);
        Assert.Equal(2, _world.Probe.Waiting - (asked.Count - 2));
        Assert.InRange(_world.Probe.Waiting, 2, 60);
    }

    [Fact]
    public void Unknown_OfEventsThatComeWhenTheyCome_IsQuietForGoodAndNothingIsCut()
    {
        _world.Probe.Answer = ProbeResult.Unknown;
        var stream = _world.Add(StreamChannel.Liquidation);
        _world.Pass(24 * 3600);
        Assert.Equal((HealthState.Quiet, "no-probe"), _world.StateOf(stream));
        Assert.Single(_world.Probe.Asked);
        Assert.Empty(_world.Resubscribed);
        _world.Bring(stream);
        _world.Pass(0);
        Assert.Equal((HealthState.Fresh, "first-data"), _world.StateOf(stream));
    }

    [Fact]
    public void Unknown_OfPricesThatComeByTheClock_IsStale()
    {
        _world.Probe.Answer = ProbeResult.Unknown;
        var stream = _world.Add(StreamChannel.MarkPrice);
        _world.Live(30, stream);
        _world.Pass(12);
        Assert.Equal((HealthState.Stale, "silent"), _world.StateOf(stream));
        Assert.Equal([stream.Name], _world.Resubscribed);
        _world.Pass(12);
        Assert.Single(_world.Suspected);
    }

    [Fact]
    public void Lost_ThenBack_IsStaleUntilDataWithTheOutage()
    {
        _world.Open();
        var stream = _world.Add();
        _world.Live(30, stream);
        _world.Lose();
        Assert.Equal((HealthState.Stale, "disconnected"), _world.StateOf(stream));
        _world.Lose(wasConnected: false);
        _world.Pass(4);
        _world.Open();
        _world.Socket = 2;
        _world.Confirm(stream);
        _world.Pass(1);
        Assert.Equal((HealthState.Stale, "disconnected"), _world.StateOf(stream));
        _world.Bring(stream);
        _world.Pass(0);
        Assert.Equal((HealthState.Fresh, "data-resumed"), _world.StateOf(stream));
        Assert.Equal(TimeSpan.FromSeconds(5), TimeSpan.FromMicroseconds(_world.Last.Outage));
        Assert.Empty(_world.Probe.Asked);
    }

    [Fact]
    public void Lost_QuietInstrument_IsQuietAgainAfterTheProbe()
    {
        _world.Open();
        var stream = _world.Add();
        _world.Pass(11);
        _world.Lose();
        _world.Open();
        _world.Confirm(stream);
        var acknowledged = MarketTime.Now(_world.MarketClock);
        _world.Pass(11);
        Assert.Equal((HealthState.Quiet, "probe-up-to-date"), _world.StateOf(stream));
        Assert.Equal(acknowledged, _world.Probe.Since[^1]);
    }

    [Fact]
    public void Lost_WhileAReplacementIsOpen_ChangesNothing()
    {
        _world.Open();
        var stream = _world.Add();
        _world.Live(30, stream);
        var before = _world.Changes.Count;
        _world.Open();
        _world.Confirm(stream);
        _world.Lose();
        _world.Live(30, stream);
        Assert.Equal(before, _world.Changes.Count);
        _world.Lose();
        Assert.Equal((HealthState.Stale, "disconnected"), _world.StateOf(stream));
    }

    [Fact]
    public void Lost_OneOfTwoSideBySide_ChangesNothing()
    {
        _world.Open("binance-1a");
        _world.Open("binance-1b");
        var stream = _world.Add();
        _world.Live(5, stream);
        var before = _world.Changes.Count;
        _world.Lose("binance-1b");
        Assert.Equal(before, _world.Changes.Count);
        _world.Lose("binance-1a");
        Assert.Equal((HealthState.Stale, "disconnected"), _world.StateOf(stream));
    }

    [Fact]
    public void Paused_StopsTheClockOfSilence()
    {
        _world.Open();
        var stream = _world.Add();
        _world.Live(30, stream);
        _world.Tell(new ConnectionPaused("binance", MonitorWorld.Connection, TimeSpan.FromMilliseconds(200)));
        Assert.Equal((HealthState.Paused, "no-room"), _world.StateOf(stream));
        _world.Pass(600);
        Assert.Empty(_world.Probe.Asked);
        _world.Tell(new ConnectionResumed("binance", MonitorWorld.Connection, TimeSpan.FromSeconds(600)));
        Assert.Equal((HealthState.Fresh, "resumed"), _world.StateOf(stream));
        _world.Pass(9);
        Assert.Empty(_world.Probe.Asked);
        _world.Pass(3);
        Assert.Single(_world.Probe.Asked);
    }

    [Fact]
    public void Refused_IsStoppedUntilItIsAcknowledgedAfterAll()
    {
        var stream = _world.Add(isConfirmed: false);
        _world.Settle(SubscriptionAction.Subscribe, "Invalid symbol", stream);
        Assert.Equal((HealthState.Stopped, "refused"), _world.StateOf(stream));
        _world.Pass(60);
        Assert.Empty(_world.Probe.Asked);
        _world.Confirm(stream);
        Assert.Equal((HealthState.Starting, "requested"), _world.StateOf(stream));
    }

    [Fact]
    public void Refused_RepetitionForAStreamWithData_ChangesNothing()
    {
        var stream = _world.Add();
        _world.Live(5, stream);
        _world.Settle(SubscriptionAction.Subscribe, "already subscribed", stream);
        Assert.Equal((HealthState.Fresh, "first-data"), _world.StateOf(stream));
    }

    [Fact]
    public void GivenUp_IsStopped()
    {
        _world.Open();
        var stream = _world.Add();
        _world.Live(5, stream);
        _world.Tell(new ConnectionGivenUp("binance", MonitorWorld.Connection, null));
        Assert.Equal((HealthState.Stopped, "given-up"), _world.StateOf(stream));
    }

    [Fact]
    public void Forget_TellsOnceAndNoMore()
    {
        var stream = _world.Add();
        _world.Live(5, stream);
        _world.Monitor.Forget(stream.Name);
        Assert.Equal((HealthState.Stopped, "unsubscribed"), _world.StateOf(stream));
        var before = _world.Changes.Count;
        _world.Pass(3600);
        Assert.Equal(before, _world.Changes.Count);
        Assert.All(Enum.GetNames<HealthState>(), state => Assert.Equal(0, _world.Metrics.StreamsIn("binance", state.ToLowerInvariant())));
    }

    [Fact]
    public void Late_EventsOlderThanUsualByElevenSeconds_AreStaleUntilTheyAreInTime()
    {
        var stream = _world.Add();
        _world.Live(200, stream);
        _world.Lag = TimeSpan.FromSeconds(11);
        _world.Live(4, stream);
        Assert.Equal((HealthState.Stale, "late"), _world.StateOf(stream));
        Assert.Empty(_world.Resubscribed);
        var firings = _world.Monitor.Firings;
        _world.Live(20, stream);
        Assert.InRange(_world.Monitor.Firings - firings, 0, 22);
        _world.Lag = TimeSpan.FromMilliseconds(20);
        _world.Live(1, stream);
        Assert.Equal((HealthState.Fresh, "data-resumed"), _world.StateOf(stream));
    }

    [Fact]
    public void Late_SingleOldEvent_IsNoReason()
    {
        var stream = _world.Add();
        _world.Live(200, stream);
        var before = _world.Changes.Count;
        _world.Lag = TimeSpan.FromSeconds(60);
        _world.Bring(stream);
        _world.Lag = TimeSpan.FromMilliseconds(20);
        _world.Live(30, stream);
        Assert.Equal(before, _world.Changes.Count);
    }

    // F68: the venue's clock is four seconds ahead of ours, then of all events some are late by it.
    [Fact]
    public void Late_ClockOfTheVenueIsAhead_IsLearnedAndCounted()
    {
        var stream = _world.Add();
        _world.Lag = TimeSpan.FromSeconds(-4);
        _world.Live(200, stream);
        Assert.Equal((HealthState.Fresh, "first-data"), _world.StateOf(stream));
        Assert.Equal(200, _world.Count("pipeline.feed.events_ahead", ""));
        Assert.Equal(-4_000_000, _world.Count("pipeline.feed.lag", "usual"));

        // Only seven seconds by our clock, and eleven more than usual.
        _world.Lag = TimeSpan.FromSeconds(7);
        _world.Live(4, stream);
        Assert.Equal((HealthState.Stale, "late"), _world.StateOf(stream));
    }

    [Fact]
    public void Late_OneEventFromTheFuture_MakesTheOthersNotLate()
    {
        var stream = _world.Add();
        _world.Live(200, stream);
        var before = _world.Changes.Count;
        _world.Lag = TimeSpan.FromSeconds(-45);
        _world.Live(1, stream);
        _world.Lag = TimeSpan.FromMilliseconds(20);
        _world.Live(60, stream);
        Assert.Equal(before, _world.Changes.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Clock_IsSetByAnHour_MakesNothingStale(int hours)
    {
        var lively = _world.Add();
        var slow = _world.Add();
        for (var i = 0; i < 20; i++)
        {
            _world.Bring(slow);
            _world.Live(40, lively);
        }

        var before = _world.Changes.Count;
        var asked = _world.Probe.Asked.Count;
        _world.Probe.Answer = ProbeResult.Behind;
        _world.MarketClock.Set(TimeSpan.FromHours(hours));

        // The venue's clock was right before, or is now: event times make the same step, so that lags stay.
        for (var i = 0; i < 20; i++)
        {
            _world.Bring(slow);
            _world.Live(40, lively);
        }

        Assert.Equal(before, _world.Changes.Count);
        Assert.Equal(asked, _world.Probe.Asked.Count);
        Assert.Empty(_world.Resubscribed);

        // What was learned before still holds: the lively one is missed as soon as ever.
        _world.Live(12, slow);
        Assert.Equal((HealthState.Stale, "probe-behind"), _world.StateOf(lively));
    }

    [Fact]
    public void Clock_IsSetAndEventTimesAreNot_MakesNothingLate()
    {
        var stream = _world.Add();
        _world.Live(200, stream);
        var before = _world.Changes.Count;
        _world.MarketClock.Set(TimeSpan.FromHours(1));
        _world.Lag += TimeSpan.FromHours(1);
        _world.Live(300, stream);
        Assert.Equal(before, _world.Changes.Count);
    }

    [Fact]
    public void Watch_StreamsAreCountedByState_AndThoseOfManyInstrumentsNot()
    {
        _world.Probe.Answer = ProbeResult.Behind;
        var mute = _world.Add();
        var fresh = _world.Add();
        _world.Live(12, fresh);
        var starting = _world.Add();
        _world.Monitor.Watch(new FeedStream("!miniTicker@arr", null, StreamChannel.Ticker, "ticker", 0));
        Assert.Equal(
            [(HealthState.Stale, "probe-behind"), (HealthState.Fresh, "first-data"), (HealthState.Starting, "requested")],
            new[] { mute, fresh, starting }.Select(_world.StateOf));
        Assert.Equal([1, 1, 1, 0, 0, 0], CountsOf("starting", "fresh", "stale", "quiet", "paused", "stopped"));
    }

    [Fact]
    public void Observer_Throws_IsCountedAndTheRestGoesOn()
    {
        using var broken = _world.Monitor.Changes.Subscribe(_ => throw new InvalidOperationException());
        var stream = _world.Add();
        _world.Bring(stream);
        _world.Pass(0);
        Assert.Equal((HealthState.Fresh, "first-data"), _world.StateOf(stream));
        Assert.Equal(2, _world.Metrics.Snapshot().Single(sample => sample.Name == "pipeline.feed.observer_errors").Value);
    }

    // A day of ten thousand streams: two hundred that trade every second, the others every few minutes or hours.
    [Fact]
    public void TenThousandStreams_ForADay_FireOnceASecondAtMostAndPlanNoMoreAndMore()
    {
        const int Hours = 24;
        var streams = Enumerable.Range(0, 10_000).Select(_ => _world.Add()).ToArray();
        var lively = streams[..200];
        var random = new Random(1);
        var planned = 0;
        var wakes = 0;
        for (var hour = 0; hour < Hours; hour++)
        {
            for (var second = 0; second < 3600; second += 5)
            {
                _world.Pass(5);
                _world.Bring(lively);
                _world.Bring(streams[random.Next(200, streams.Length)]);
                wakes++;
            }

            if (hour == 2)
            {
                planned = _world.Monitor.Planned;
            }
        }

        Assert.DoesNotContain(_world.Changes, change => change.Health.State == HealthState.Stale);
        Assert.InRange(_world.Monitor.Firings, Hours * 3600 / 30, (Hours * 3600) + wakes + 20_000);
        Assert.InRange(_world.Probe.Asked.Count, 10_000, Hours * 3600 * 4);
        Assert.InRange(planned, 200, 20_000);
        Assert.InRange(_world.Monitor.Planned, 200, planned + 2_000);
        Assert.All(_world.Metrics.Queues, queue => Assert.InRange(queue.Length(), 0, 10_000));
    }

    private IEnumerable<long> CountsOf(params string[] states) => states.Select(state => _world.Metrics.StreamsIn("binance", state));
}
