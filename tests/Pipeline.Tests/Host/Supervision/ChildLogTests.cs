using System.Text;
using Pipeline.Host.Supervision;

namespace Pipeline.Tests.Host.Supervision;

public sealed class ChildLogTests : IDisposable
{
    private static readonly string LongLine = new('x', 1024 * 1024);

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _troubles = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Pump_FileCannotBeMovedAway_GoesOnReadingAndSaysSoOnce()
    {
        _folder.Write("a.log.1/not", "a file");
        using var log = new ChildLog(_folder["a.log"], _troubles.Add);

        await PumpAsync(log, [.. Enumerable.Repeat(LongLine, 20), "last"]);

        Assert.Equal("last", log.Tail[^1]);
        Assert.StartsWith($"{_folder["a.log"]} cannot be written", Assert.Single(_troubles), StringComparison.Ordinal);
        var lines = _folder.ReadLines("a.log");
        Assert.Equal("[lines missing here, as this file could not be written: 1]", lines[0]);
        Assert.Equal("last", lines[^1]);
    }

    [Fact]
    public async Task Pump_FolderIsGone_IsWrittenAgainWhenItIsBack()
    {
        Directory.CreateDirectory(_folder["run"]);
        using var log = new ChildLog(_folder["run/a.log"], _troubles.Add);
        await PumpAsync(log, [.. Enumerable.Repeat(LongLine, 16)]);
        Directory.Delete(_folder["run"], recursive: true);
        await PumpAsync(log, "one", "two");
        Assert.Single(_troubles);

        Directory.CreateDirectory(_folder["run"]);
        await PumpAsync(log, "three");

        Assert.Equal(["[lines missing here, as this file could not be written: 2]", "three"], _folder.ReadLines("run/a.log"));
    }

    [Fact]
    public async Task Pump_BeyondTheSize_KeepsTheFileBefore()
    {
        using var log = new ChildLog(_folder["a.log"], _troubles.Add);

        await PumpAsync(log, [.. Enumerable.Repeat(LongLine, 16), "last"]);

        Assert.Equal(["last"], _folder.ReadLines("a.log"));
        Assert.Equal(16, _folder.ReadLines("a.log.1").Length);
        Assert.Empty(_troubles);
    }

    private static async Task PumpAsync(ChildLog log, params string[] lines)
    {
        using var printed = new StreamReader(new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n")));
        await log.PumpAsync(printed);
    }
}
