using Pipeline.Simulator.Transcripts;
using Pipeline.Simulator.World;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Simulator.Transcripts;

public sealed class ClientLedgerTests
{
    private readonly TestTimeProvider _clock = SimulatorTime.Make();

    [Fact]
    public void Silence_TowardsOkx_IsBlamedOnlyWhenNothingWasSentEither()
    {
        var ledger = new ClientLedger(1, SimulatedVenue.Okx, "/ws", _clock);
        for (var i = 0; i < 60; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            ledger.OnClock(hasSent: true);
        }

        Assert.Equal(0, ledger.ToRecord().ViolationCount);
        for (var i = 0; i < 60; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            ledger.OnClock(hasSent: false);
        }

        Assert.Equal(
            ["no message and no ping for 30s while nothing was sent to it"], ledger.ToRecord().Violations.Select(violation => violation.What));
        Assert.Equal(TimeSpan.FromSeconds(120), ledger.ToRecord().LongestSilence);
    }

    [Fact]
    public void Messages_AreCountedInARollingSecond()
    {
        var ledger = new ClientLedger(1, SimulatedVenue.BinanceSpot, "/ws", _clock);
        for (var i = 0; i < 50; i++)
        {
            Assert.InRange(ledger.OnMessage(10), 1, 5);
            _clock.Advance(TimeSpan.FromMilliseconds(200));
        }

        Assert.Equal((5, 0), (ledger.ToRecord().MostMessages, ledger.ToRecord().ViolationCount));
    }

    [Fact]
    public void Violations_AreBounded()
    {
        var ledger = new ClientLedger(1, SimulatedVenue.BinanceSpot, "/ws", _clock);
        for (var i = 0; i < 1000; i++)
        {
            ledger.OnMessage(5000);
        }

        var record = ledger.ToRecord();
        Assert.Equal(100, record.Violations.Count);
        Assert.Equal(1000 + 995, record.ViolationCount);
    }
}
