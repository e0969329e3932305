using Pipeline.Host.Supervision;

namespace Pipeline.Tests.Host.Supervision;

public sealed class RunFolderTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void TryLock_WhileHeld_IsRefused()
    {
        var folder = new RunFolder(_temporary["run"]);
        Assert.False(folder.IsRunning());
        using (folder.TryLock())
        {
            Assert.True(folder.IsRunning());
            Assert.Null(new RunFolder(_temporary["run"]).TryLock());
        }

        Assert.False(folder.IsRunning());
    }

    [Fact]
    public void Write_ThenRead_IsTheSameRecord()
    {
        var folder = new RunFolder(_temporary.Path);
        var record = new RunRecord(17, DateTimeOffset.UnixEpoch, "t.yaml", "ready", folder.Path,
            [new RunChild("broker", 18, "h:1", "x.log")]);
        folder.Write(record);
        var read = folder.Read()!;

        Assert.Equal(record with { Children = [] }, read with { Children = [] });
        Assert.Equal(record.Children, read.Children);
        Assert.Equal(17, folder.ReadPid());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    public void Read_BrokenRecord_IsNone(string text)
    {
        _temporary.Write("up.json", text);
        _temporary.Write("up.pid", "x");

        Assert.Null(new RunFolder(_temporary.Path).Read());
        Assert.Null(new RunFolder(_temporary.Path).ReadPid());
    }
}
