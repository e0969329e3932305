using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Freshness;
using Pipeline.Core.Market;

namespace Pipeline.Tests.Feeds.Freshness;

/// <summary>A connection's streams are paused while none of its sockets is read: legs, and what is about to replace one, count each.</summary>
public sealed class HealthPauseTests : IDisposable
{
    private const string A = "binance-1a";
    private const string B = "binance-1b";

    private readonly MonitorWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void TwoLegs_ArePausedWhenBothAre_AndNotBefore()
    {
        var stream = Open(A, B);
        _world.Pause(A);
        _world.Pause(A);
        Assert.Equal(HealthState.Fresh, _world.StateOf(stream).State);
        _world.Pause(B);
        Assert.Equal((HealthState.Paused, "no-room"), _world.StateOf(stream));
        _world.Pass(600);
        Assert.Empty(_world.Probe.Asked);

        _world.Resume(B);
        Assert.Equal((HealthState.Fresh, "resumed"), _world.StateOf(stream));
        _world.Resume(A);
        _world.Pause(B);
        Assert.Equal(HealthState.Fresh, _world.StateOf(stream).State);
    }

    [Fact]
    public void ALegAndItsReplacement_ArePausedWhenBothAre()
    {
        var stream = Open(A);
        _world.Open(leg: A, isAside: true);
        _world.Pause(A);
        Assert.Equal(HealthState.Fresh, _world.StateOf(stream).State);
        _world.Pause(A, isAside: true);
        Assert.Equal(HealthState.Paused, _world.StateOf(stream).State);
        _world.Resume(A, isAside: true);
        Assert.Equal((HealthState.Fresh, "resumed"), _world.StateOf(stream));
    }

    /// <summary>It paused as a replacement and goes on as the leg.</summary>
    [Fact]
    public void AReplacementThatTookOver_EndsItsPauseAsTheLeg()
    {
        var stream = Open(A);
        _world.Open(leg: A, isAside: true);
        _world.Pause(A, isAside: true);
        _world.Lose(leg: A);
        Assert.Equal(HealthState.Paused, _world.StateOf(stream).State);
        _world.Resume(A);
        Assert.Equal((HealthState.Fresh, "resumed"), _world.StateOf(stream));
    }

    [Fact]
    public void ALegThatIsLost_TakesItsPauseAlong_AndNoOther()
    {
        var stream = Open(A, B);
        _world.Pause(A);
        _world.Lose(leg: B);
        Assert.Equal(HealthState.Paused, _world.StateOf(stream).State);
        _world.Open(leg: B);
        _world.Pause(B);
        _world.Lose(leg: A);
        Assert.Equal(HealthState.Paused, _world.StateOf(stream).State);
        _world.Resume(B);
        Assert.Equal(HealthState.Fresh, _world.StateOf(stream).State);
    }

    private FeedStream Open(params string[] legs)
    {
        Array.ForEach(legs, leg => _world.Open(leg: leg));
        var stream = _world.Add();
        _world.Live(30, stream);
        return stream;
    }
}
