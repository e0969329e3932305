using Pipeline.History;
using static Pipeline.Gateway.Tests.History.SampleCandles;

namespace Pipeline.Gateway.Tests.History;

public sealed class StoreFaultTests : IDisposable
{
    private readonly HistoryFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public void Open_FileThatIsNoDatabase_SaysToMoveItAside()
    {
        File.WriteAllText(_file.Path, string.Concat(Enumerable.Repeat("this is no database. ", 1000)));

        var error = Assert.Throws<HistoryException>(() => _file.Open());

        Assert.Equal(HistoryFault.Damaged, error.Fault);
        Assert.Contains("aside", error.Message, StringComparison.Ordinal);
        Assert.Contains(_file.Path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenOrReplace_DamagedFile_MovesItAsideAndBeginsAnew()
    {
        File.WriteAllText(_file.Path, string.Concat(Enumerable.Repeat("this is no database. ", 1000)));

        using var store = CandleStore.OpenOrReplace(_file.Options with { Path = _file.Path }, _file.Time, out var movedTo);
        await store.CommitAsync(One(), "log");

        Assert.StartsWith("this is no database", File.ReadAllText(movedTo!), StringComparison.Ordinal);
        Assert.Equal(1, store.Stats().Candles);
    }

    [Fact]
    public async Task Read_TornPage_SaysThatTheFileIsDamaged()
    {
        using (var store = _file.Open())
        {
            var batch = new CandleBatch();
            for (var i = 0; i < 2_000; i++)
            {
                batch.Add(Series(), 0, i, Candle(Series(), i));
            }

            await store.CommitAsync(batch, "log");
        }

        using (var file = File.OpenWrite(_file.Path))
        {
            file.Position = 8 * 4096;
            file.Write(Enumerable.Repeat((byte)0xA5, (int)file.Length - (9 * 4096)).ToArray());
        }

        using var again = _file.Open();
        var error = Assert.Throws<HistoryException>(() => again.Read(new CandleQuery(Series()) { Limit = 2_000 }));
        Assert.Equal(HistoryFault.Damaged, error.Fault);
        Assert.False(error.IsTransient);
    }

    [Theory]
    [InlineData("PRAGMA user_version = 2", "version 2")]
    [InlineData("PRAGMA application_id = 77", "another program")]
    public void OpenOrReplace_FileOfAnotherVersionOrProgram_IsRefusedAndLeftAsItIs(string change, string expected)
    {
        _file.Open().Dispose();
        using (var database = Pipeline.History.Engine.Database.Open(_file.Path, isReader: false))
        {
            database.Run(change);
        }

        var before = File.ReadAllBytes(_file.Path);
        var error = Assert.Throws<HistoryException>(() => CandleStore.OpenOrReplace(_file.Options with { Path = _file.Path }, _file.Time, out _));

        Assert.Equal(HistoryFault.Foreign, error.Fault);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_file.Path));
    }

    [Fact]
    public void Open_FileInUse_IsRefused()
    {
        using var store = _file.Open();

        Assert.Equal(HistoryFault.InUse, Assert.Throws<HistoryException>(() => _file.Open()).Fault);
    }

    [Fact]
    public void Open_PathThatIsAFolder_IsRefused()
    {
        Directory.CreateDirectory(_file.Path);

        Assert.Equal(HistoryFault.Unreadable, Assert.Throws<HistoryException>(() => _file.Open()).Fault);
    }

    [Fact]
    public async Task Commit_DiskFull_WritesNothingGoesOnServingAndWorksAgainLater()
    {
        using var store = _file.Open();
        await store.CommitAsync(One(), "log");
        await store.LimitPagesAsync(12);
        var large = new CandleBatch();
        for (var i = 0; i < 5_000; i++)
        {
            large.Add(Series(1), 0, 1 + i, Candle(Series(1), i));
        }

        var error = await Assert.ThrowsAsync<HistoryException>(() => store.CommitAsync(large, "log"));
        Assert.True(error.IsTransient);
        Assert.Equal(1, store.Position.NextOf(0));
        Assert.Single(store.Read(new CandleQuery(Series())).Candles);
        Assert.Empty(store.Read(new CandleQuery(Series(1))).Candles);

        await store.LimitPagesAsync(1_000_000);
        Assert.Equal(new CommitResult(5_000, 0, 0), await store.CommitAsync(large, "log"));
        Assert.Equal(5_001, store.Position.NextOf(0));
        Assert.Equal(5_001, store.Stats().Candles);
    }

    private static CandleBatch One()
    {
        var batch = new CandleBatch();
        batch.Add(Series(), 0, 0, Candle(Series(), 0));
        return batch;
    }
}
