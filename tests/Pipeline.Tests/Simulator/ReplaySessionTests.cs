using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Simulator.Replay;
using Pipeline.Simulator.Sockets;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Simulator;

public sealed class ReplaySessionTests : IDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly TestTimeProvider _clock = SimulatorTime.Make();
    private readonly FakeVenueSession _session;
    private readonly SynchronizationContext? _context = SynchronizationContext.Current;

    public ReplaySessionTests() =>
        _session = new FakeVenueSession(new SimulatorConnection(1, Stream.Null, new ConnectionSetup("/ws", 1_000_000, _clock, () => { })));

    public void Dispose()
    {
        _session.Connection.Dispose();
        SynchronizationContext.SetSynchronizationContext(_context);
    }

    [Fact]
    public void Replay_SlowerThanATimerCanWait_KeepsItsRhythm()
    {
        // One second of the recording lasts 100 days.
        var replay = Start(1 / Day.TotalSeconds / 100);

        Assert.Equal(new ReplayProgress("running", 1), replay.Progress);
        _clock.Advance(100 * Day - TimeSpan.FromMinutes(1));
        Assert.Equal(new ReplayProgress("running", 1), replay.Progress);
        _clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(2, replay.Progress.FramesSent);
    }

    [Theory]
    [InlineData(1e-15)]
    [InlineData(double.Epsilon)]
    public void Replay_SlowerThanTimeCanTell_WaitsAndLives(double speed)
    {
        var replay = Start(speed);
        _clock.Advance(400 * Day);

        Assert.Equal(new ReplayProgress("running", 1), replay.Progress);
    }

    [Fact]
    public void Replay_DueInLessThanADelayCanTell_GoesOn()
    {
        var replay = Start(1.0001);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(2, replay.Progress.FramesSent);
    }

    [Fact]
    public void Replay_Fails_SaysSo()
    {
        _session.OnIsSubscribed = () => throw new InvalidOperationException("broken");

        Assert.Equal(new ReplayProgress("failed", 0), Start(1).Progress);
    }

    /// <summary>A replay of two frames a second apart, past its quiet time.</summary>
    private ReplaySession Start(double speed)
    {
        // What a step of the clock causes has then happened when it returns.
        SynchronizationContext.SetSynchronizationContext(null);
        var recording = new Recording("two", ["""{"stream":"a"}"""u8.ToArray(), """{"stream":"a"}"""u8.ToArray()], [0, 1_000_000]);
        var replay = new ReplaySession(_session, recording, speed, _clock, NullLogger.Instance);
        replay.OnRequest(subscribed: true);
        _clock.Advance(TimeSpan.FromMilliseconds(250));
        return replay;
    }
}
