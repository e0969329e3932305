using System.Diagnostics;
using Pipeline.Host;
using Pipeline.Host.Commands;
using Pipeline.Host.Supervision;

namespace Pipeline.Tests.Host.Commands;

public sealed class DownCommandTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly CommandRun _run = new("/");

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Down_NothingRuns_IsFineAndClearsWhatIsLeft()
    {
        var folder = new RunFolder(_temporary.Path);
        folder.Write(new RunRecord(int.MaxValue, DateTimeOffset.UnixEpoch, "t", "ready", folder.Path, []));

        Assert.Equal(ExitCodes.Ok, await DownCommand.RunAsync(_run.Context, folder, CancellationToken.None));
        Assert.Null(folder.Read());
        Assert.Null(folder.ReadPid());
    }

    [Fact]
    public async Task Down_SomethingRuns_EndsItAndWaitsForItsLock()
    {
        var folder = new RunFolder(_temporary.Path);
        using var process = Process.Start(new ProcessStartInfo("cat") { RedirectStandardInput = true })!;
        folder.Write(new RunRecord(process.Id, DateTimeOffset.UnixEpoch, "t", "ready", folder.Path, []));
        var held = folder.TryLock()!;
        var release = process.WaitForExitAsync().ContinueWith(_ => held.Dispose(), TaskScheduler.Default);

        Assert.Equal(ExitCodes.Ok, await DownCommand.RunAsync(_run.Context, folder, CancellationToken.None));
        Assert.True(process.HasExited);
        Assert.EndsWith("Stopped.\n", _run.Out, StringComparison.Ordinal);
        await release;
    }
}
