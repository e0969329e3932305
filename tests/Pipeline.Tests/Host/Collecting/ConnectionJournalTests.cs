using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Pooling;
using Pipeline.Host.Collecting;

namespace Pipeline.Tests.Host.Collecting;

public sealed class ConnectionJournalTests
{
    private readonly LinesLog _log = new();
    private readonly ConnectionJournal _journal;

    public ConnectionJournalTests() => _journal = new ConnectionJournal(_log);

    [Fact]
    public void Outage_WithManyAttempts_IsOneLineAndItsEndAnother()
    {
        Open(ReconnectionReason.Initial, 0);
        Confirm();
        Lose(DisconnectionReason.Aborted, wasConnected: true);
        for (var attempt = 1; attempt <= 20; attempt++)
        {
            _journal.Note(new ConnectionRetryScheduled("binance", "binance-1", new RetryInfo(attempt, TimeSpan.FromSeconds(attempt), null)));
            Lose(DisconnectionReason.Refused, wasConnected: false);
        }

        Open(ReconnectionReason.Lost, 81_250);
        Confirm();

        Assert.Equal(
            ["binance-1 open", "binance-1 lost (Aborted) after 60 s: reset", "binance-1 open again (Lost): outage 81250 ms, 21 attempts"], _log.Lines);
    }

    [Fact]
    public void NeverOpened_IsSaidOnceUntilItIs()
    {
        Lose(DisconnectionReason.Dns, wasConnected: false);
        Lose(DisconnectionReason.Dns, wasConnected: false);
        Open(ReconnectionReason.Initial, 0);

        Assert.Equal(2, _log.Lines.Length);
        Assert.StartsWith("binance-1 cannot be opened (Dns): reset", _log.Lines[0], StringComparison.Ordinal);
        Assert.Equal("binance-1 open again (Initial): outage 0 ms, 3 attempts", _log.Lines[1]);
    }

    [Fact]
    public void Rotation_IsOneLineAndAStopNone()
    {
        Open(ReconnectionReason.Initial, 0);
        _journal.Note(new ConnectionOpened("binance", "binance-1", new ReconnectionInfo(ReconnectionReason.Rotation, TimeSpan.Zero)) { IsAside = true });
        _journal.Note(new ConnectionRotated(
            "binance", "binance-1", RotationCause.Age, new RotationOutcome("binance-1", true, null, TimeSpan.FromSeconds(15), 2)));
        Lose(DisconnectionReason.Rotated, wasConnected: true);
        Lose(DisconnectionReason.Stopped, wasConnected: true);

        Assert.Equal(["binance-1 open", "binance-1 replaced (Age) in 15.0 s, 2 streams quiet"], _log.Lines);
    }

    [Fact]
    public void Legs_AreToldApart()
    {
        foreach (var leg in new[] { "binance-1a", "binance-1b" })
        {
            _journal.Note(new ConnectionOpened("binance", "binance-1", new ReconnectionInfo(ReconnectionReason.Initial, TimeSpan.Zero)) { Leg = leg });
        }

        _journal.Note(new ConnectionLost(
            "binance", "binance-1", new DisconnectionInfo(DisconnectionReason.Aborted, true, null, null, null, TimeSpan.FromSeconds(60), new IOException("reset")))
        { Leg = "binance-1b" });
        _journal.Note(new ConnectionOpened(
            "binance", "binance-1", new ReconnectionInfo(ReconnectionReason.Lost, TimeSpan.FromMilliseconds(120)))
        { Leg = "binance-1b" });

        Assert.Equal(
            ["binance-1a open", "binance-1b open", "binance-1b lost (Aborted) after 60 s: reset", "binance-1b open again (Lost): outage 120 ms, 1 attempts"],
            _log.Lines);
    }

    [Fact]
    public void Refusal_IsSaid()
    {
        _journal.Note(new StreamsSettled("binance", "binance-1", new SubscriptionOutcome(SubscriptionAction.Subscribe, ["a", "b"], "no such stream")));

        Assert.Equal(["binance-1 2 streams refused (a, b): no such stream"], _log.Lines);
    }

    [Fact]
    public void RequestsUnansweredOnASuspectedConnection_AreNoNews()
    {
        var unanswered = new StreamsSettled(
            "binance", "binance-1", new SubscriptionOutcome(SubscriptionAction.Subscribe, ["a"], "not answered in time") { IsUnanswered = true });
        _journal.Note(unanswered);
        _journal.Note(new ConnectionSuspected("binance", "binance-1", "no data for 2 s"));
        _journal.Note(unanswered);
        _journal.Note(new StreamsSettled("binance", "binance-1", new SubscriptionOutcome(SubscriptionAction.Subscribe, ["b"], "no such stream")));
        _journal.Note(new ConnectionRecovered("binance", "binance-1", TimeSpan.FromSeconds(3), ReconnectionReason.Stalled));
        _journal.Note(unanswered);

        Assert.Equal(
            [
                "binance-1 1 streams refused (a): not answered in time",
                "binance-1 suspected: no data for 2 s",
                "binance-1 1 streams refused (b): no such stream",
                "binance-1 has data again (Stalled) after 3000 ms",
                "binance-1 1 streams refused (a): not answered in time",
            ],
            _log.Lines);
    }

    private void Open(ReconnectionReason reason, double outage) =>
        _journal.Note(new ConnectionOpened("binance", "binance-1", new ReconnectionInfo(reason, TimeSpan.FromMilliseconds(outage))));

    private void Lose(DisconnectionReason reason, bool wasConnected) => _journal.Note(new ConnectionLost(
        "binance", "binance-1", new DisconnectionInfo(reason, wasConnected, null, null, null, TimeSpan.FromSeconds(60), new IOException("reset"))));

    private void Confirm() =>
        _journal.Note(new StreamsSettled("binance", "binance-1", new SubscriptionOutcome(SubscriptionAction.Subscribe, ["a"], null)));
}
