using Pipeline.Host.Doctor;
using Pipeline.Host.Doctor.Machine;
using Pipeline.Host.Doctor.Venues;
using Pipeline.Host.Supervision;

namespace Pipeline.Tests.Host.Doctor;

public sealed class MachineCheckTests : IDisposable
{
    private const long Gigabyte = 1L << 30;

    private static readonly PortClaim Claim = new("127.0.0.1", 8081, "collector.listen");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(64, Verdict.Failed, "ulimit -n 10320")]
    [InlineData(340, Verdict.Warning, "or lower gateway.maxConnections to 20")]
    [InlineData(10_320, Verdict.Ok, null)]
    public async Task FileLimit_AgainstClientsAndConnections(int limit, object verdict, string? advice)
    {
        var path = _folder.Write("limits", $"Limit                     Soft Limit           Hard Limit           Units     \nMax open files            {limit}                 {limit}                 files     \n");
        var finding = await new FileLimitCheck(path, connections: 10, clients: 10_000).RunAsync(CancellationToken.None);

        Assert.Equal((Verdict)verdict, finding.Verdict);
        Assert.Equal($"at most {limit} open files a process; collector about 340, gateway about 10320", finding.Message);
        Assert.Contains(advice ?? "", finding.Advice ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task FileLimit_NoneOrUnknown()
    {
        var path = _folder.Write("limits", "Max open files            unlimited            unlimited            files     ");
        Assert.Equal(Verdict.Ok, (await new FileLimitCheck(path, 1, 0).RunAsync(CancellationToken.None)).Verdict);
        Assert.Null(FileLimitCheck.FindHopeless(path));
        Assert.Equal(Verdict.NotChecked, (await new FileLimitCheck(_folder["none"], 1, 0).RunAsync(CancellationToken.None)).Verdict);
    }

    [Theory]
    [InlineData(100, Verdict.Failed)]
    [InlineData(5 * 1024, Verdict.Warning)]
    [InlineData(20 * 1024, Verdict.Ok)]
    public async Task Disk_AgainstWhatMayStillBeKept(int freeMegabytes, object verdict)
    {
        _folder.Write("recordings/a.rec", "1234");
        var check = new DiskCheck("recordings", "record.to", _folder["recordings"], (10 * Gigabyte, "record.keep"), _ => (long)freeMegabytes << 20);
        var finding = await check.RunAsync(CancellationToken.None);

        Assert.Equal((Verdict)verdict, finding.Verdict);
        Assert.Contains("recordings may take 10.0 GiB more (record.keep)", finding.Message, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_folder["recordings"]));
    }

    [Fact]
    public async Task Disk_FolderIsAFile_IsNamed()
    {
        var file = _folder.Write("occupied", "");
        var finding = await new DiskCheck("history", "history.path", Path.Combine("/proc", "nowhere"), (1, "history.maxSize"), _ => Gigabyte).RunAsync(CancellationToken.None);

        Assert.True(File.Exists(file));
        Assert.Equal(Verdict.Failed, finding.Verdict);
        Assert.StartsWith("/proc cannot be written", finding.Message, StringComparison.Ordinal);
        Assert.EndsWith("name another folder under history.path", finding.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100, Verdict.Failed)]
    [InlineData(900, Verdict.Warning)]
    [InlineData(1100, Verdict.Ok)]
    public async Task Memory_AgainstWhatTheStackMayTake(int freeMegabytes, object verdict)
    {
        var check = new MemoryCheck(() => (long)freeMegabytes << 20, [("collector", 512L << 20), ("gateway", 512L << 20)]);
        var finding = await check.RunAsync(CancellationToken.None);

        Assert.Equal((Verdict)verdict, finding.Verdict);
        Assert.Equal($"{freeMegabytes / 1024.0:0.0} GiB".Replace("0.1 GiB", "100 MiB", StringComparison.Ordinal).Replace("0.9 GiB", "900 MiB", StringComparison.Ordinal)
            + " available; the stack may take 1.0 GiB (collector 512 MiB, gateway 512 MiB)", finding.Message);
    }

    [Fact]
    public void Memory_ReadsMachineAndContainer()
    {
        Assert.Equal(2048 * 1024, MemoryCheck.ReadMachine(_folder.Write("meminfo", "MemTotal:  4096 kB\nMemAvailable:   2048 kB\n")));
        _folder.Write("memory.max", "1000\n");
        _folder.Write("memory.current", "400\n");
        Assert.Equal(600, MemoryCheck.ReadContainer(_folder.Path));
        _folder.Write("memory.max", "max\n");
        Assert.Null(MemoryCheck.ReadContainer(_folder.Path));
    }

    [Theory]
    [InlineData("/opt/pipeline/pipeline collect --topology t.yaml", 7, true)]
    [InlineData("dotnet /opt/pipeline.dll collect --topology t.yaml", 7, true)]
    [InlineData("/usr/bin/python3 -m http.server", 42, true)]
    [InlineData("/usr/bin/python3 -m http.server", 7, false)]
    [InlineData("/opt/pipeline/pipeline broker", 7, false)]
    public async Task Port_HeldByOurs_IsWell(string command, int pid, bool isWell)
    {
        var ours = new Dictionary<string, int> { ["collector"] = 42 };
        var check = new PortFreeCheck("collector", Claim, (_, _) => new PortTrouble("taken", "stop it"), _ => new PortHolder(pid, command), ours);
        var finding = await check.RunAsync(CancellationToken.None);

        Assert.Equal(isWell ? Verdict.Ok : Verdict.Failed, finding.Verdict);
        Assert.Equal(isWell ? null : "stop it", finding.Advice);
    }

    [Theory]
    [InlineData(1500, 100, Verdict.Warning, "is 1.500 s behind that of okx")]
    [InlineData(-1500, 100, Verdict.Warning, "is 1.500 s ahead of that of okx")]
    [InlineData(1500, 1200, Verdict.Ok, "(± 0.600)")]
    [InlineData(900, 10, Verdict.Ok, "is 0.900 s behind")]
    public void Clock_BeyondASecondAndTheRoundTrip_IsAWarning(int aheadMs, int tripMs, object verdict, string words)
    {
        var finding = ClockCheck.Judge(new ClockSample(TimeSpan.FromMilliseconds(aheadMs), TimeSpan.FromMilliseconds(tripMs)), "okx");

        Assert.Equal((Verdict)verdict, finding.Verdict);
        Assert.Contains(words, finding.Message, StringComparison.Ordinal);
    }
}
