using System.Text.Json;
using Pipeline.Gateway.Candles;
using Pipeline.Gateway.Hub;

namespace Pipeline.Gateway.Tests.Candles;

public sealed class SeamTests
{
    private const int Subscriptions = 1_000;
    private const int LiveWanted = 120;
    private const int RecordsPerCandle = 5;
    private const string Instrument = "binance:BTC-USDT";

    /// <summary>
    /// Every record of the series has a number that its candle tells: so what a client has can be compared with the log, record by record.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Subscribe_1000TimesDuringABurst_HistoryAndLiveHaveNoMissingAndNoDoubleRecord(bool hasHistory)
    {
        await using var stack = new CandleStack(hasHistory: hasHistory, releaseDelay: TimeSpan.FromMilliseconds(20), time: TimeProvider.System);
        var written = 0;
        using var ending = new CancellationTokenSource();
        var writing = Task.Factory.StartNew(
            () =>
            {
                while (!ending.IsCancellationRequested)
                {
                    stack.Add(RecordOf(written++));

                    // A burst, not a flood: the hub is to have something to do, not to fall behind for good.
                    if (written % 100 == 0)
                    {
                        stack.Hub.AskAsync(_ => true).GetAwaiter().GetResult();
                    }
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var partition = CandleRecord.PartitionOf(Instrument, 2);
        await CandleStack.UntilAsync(async () => await stack.Hub.AskAsync(view => view.PositionOf(TopicKind.Candles, partition) > 200 * RecordsPerCandle));

        long live = 0, rows = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, Subscriptions), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
        {
            var (client, session) = stack.Connect($"c{i}");
            await CandleStack.SendAsync(session, "subscribe", """{"symbol":"BTC-USDT","interval":"s1"}""");
            await CandleStack.UntilAsync(() => Task.FromResult(client.Raw.Count > LiveWanted));
            session.Dispose();
            var (ofHistory, ofLive) = AssertHasNoSeam(client);
            Interlocked.Add(ref rows, ofHistory);
            Interlocked.Add(ref live, ofLive);
        });
        await ending.CancelAsync();
        await writing;

        Assert.Equal(Subscriptions * 100, rows);
        Assert.True(live >= Subscriptions * (LiveWanted - 3), $"{live} live records");
        await CandleStack.UntilAsync(() => Task.FromResult(stack.Outlet.Rooms.Count == 0));
        Assert.Equal((0, 0, 0), stack.Service.Rooms.Figures);
    }

    private static (int History, int Live) AssertHasNoSeam(FakeKlineClient client)
    {
        var events = client.Raw;
        Assert.Equal([KlineEvents.Connected, KlineEvents.Subscribed, KlineEvents.HistoryData], events.Take(3).Select(one => one.Name));
        using var history = JsonDocument.Parse(events[2].Json);
        var rows = history.RootElement.GetProperty("data").EnumerateArray().ToList();
        var indices = rows.ConvertAll(row => IndexOf(row));
        for (var i = 1; i < rows.Count; i++)
        {
            Assert.Equal(Time(rows[i - 1]) + 1, Time(rows[i]));
        }

        // All but the newest two must be in their last state: the candle before the newest may not be revised yet.
        Assert.All(rows.SkipLast(2), row => Assert.Equal("revised", row.GetProperty("update_type").GetString()));
        var next = indices.Max() + 1;
        var live = 0;
        foreach (var (name, json) in events.Skip(3))
        {
            Assert.Equal(KlineEvents.Data, name);
            using var update = JsonDocument.Parse(json);
            Assert.Equal(next++, IndexOf(update.RootElement.GetProperty("data")));
            live++;
        }

        return (rows.Count, live);
    }

    private static long Time(JsonElement row) => row.GetProperty("time").GetInt64();

    /// <summary>Five records a candle: forming, a revision of the candle before, forming twice, final.</summary>
    private static CandleRecord RecordOf(int index)
    {
        var candle = index / RecordsPerCandle;
        return (index % RecordsPerCandle) switch
        {
            // The revision of the candle before comes between forming records of the next.
            1 when candle > 0 => CandleRecord.At(candle - 1, "1s", "revised", RecordsPerCandle, revision: 1),
            1 => CandleRecord.At(0, "1s", "forming", 1),
            4 => CandleRecord.At(candle, "1s", "final", 4),
            var place => CandleRecord.At(candle, "1s", "forming", place == 0 ? 1 : place),
        };
    }

    private static int IndexOf(JsonElement row)
    {
        var candle = (int)(Time(row) - (CandleRecord.Start / 1_000_000));
        var updates = row.GetProperty("update_count").GetInt32();
        return row.GetProperty("update_type").GetString() switch
        {
            "revised" => ((candle + 1) * RecordsPerCandle) + 1,
            "final" => (candle * RecordsPerCandle) + 4,
            _ => (candle * RecordsPerCandle) + (updates == 1 ? 0 : updates),
        };
    }
}
