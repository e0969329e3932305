using System.IO.Pipes;
using System.Runtime.InteropServices;
using Pipeline.Host;
using Pipeline.Host.Cli;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Host.Cli;

public sealed class ProcessSignalsTests
{
    private readonly TestTimeProvider _time = new();
    private readonly List<int> _exits = [];

    [Theory]
    [InlineData(PosixSignal.SIGINT)]
    [InlineData(PosixSignal.SIGTERM)]
    [InlineData(PosixSignal.SIGHUP)]
    public void Handle_First_Cancels(PosixSignal signal)
    {
        using var signals = new ProcessSignals(false, _exits.Add, _time);
        signals.Handle(signal);

        Assert.True(signals.Stopping.IsCancellationRequested);
        Assert.Empty(_exits);
    }

    [Fact]
    public void TakeHangups_WithoutATerminal_RunsTheActionAndDoesNotEnd()
    {
        using var signals = new ProcessSignals(false, _exits.Add, _time);
        var hangups = 0;
        using (signals.TakeHangups(() => hangups++))
        {
            signals.Handle(PosixSignal.SIGHUP);
            signals.Handle(PosixSignal.SIGHUP);
            Assert.Equal((2, false), (hangups, signals.Stopping.IsCancellationRequested));
        }

        signals.Handle(PosixSignal.SIGHUP);
        Assert.Equal((2, true), (hangups, signals.Stopping.IsCancellationRequested));
    }

    [Fact]
    public void TakeHangups_AtATerminal_StillEnds()
    {
        using var signals = new ProcessSignals(false, _exits.Add, _time) { HasTerminal = true };
        using var taken = signals.TakeHangups(() => Assert.Fail("It was taken for a reload."));
        signals.Handle(PosixSignal.SIGHUP);

        Assert.True(signals.Stopping.IsCancellationRequested);
    }

    [Fact]
    public void Handle_EchoOfTheFirst_IsTheFirst()
    {
        using var signals = new ProcessSignals(false, _exits.Add, _time);
        signals.Handle(PosixSignal.SIGINT);
        signals.Handle(PosixSignal.SIGINT);

        Assert.Empty(_exits);
    }

    [Fact]
    public void Handle_SecondLater_EndsAtOnce()
    {
        using var signals = new ProcessSignals(false, _exits.Add, _time);
        signals.Handle(PosixSignal.SIGINT);
        _time.Advance(TimeSpan.FromSeconds(1.1));
        signals.Handle(PosixSignal.SIGINT);

        Assert.Equal([ExitCodes.Interrupted], _exits);
    }

    [Fact]
    public void Handle_SupervisedProcess_LeavesInterruptToItsParent()
    {
        using var signals = new ProcessSignals(true, _exits.Add, _time);
        signals.Handle(PosixSignal.SIGINT);
        Assert.False(signals.Stopping.IsCancellationRequested);

        signals.Handle(PosixSignal.SIGTERM);
        Assert.True(signals.Stopping.IsCancellationRequested);
    }

    [Fact]
    public async Task WatchParent_InputEnds_Cancels()
    {
        using var signals = new ProcessSignals(true, _exits.Add, _time);
        using var parent = new AnonymousPipeServerStream(PipeDirection.Out);
        using var input = new AnonymousPipeClientStream(PipeDirection.In, parent.ClientSafePipeHandle);
        var watch = signals.WatchParentAsync(input);
        Assert.False(signals.Stopping.IsCancellationRequested);

        parent.Dispose();
        await watch;

        Assert.True(signals.Stopping.IsCancellationRequested);
    }
}
