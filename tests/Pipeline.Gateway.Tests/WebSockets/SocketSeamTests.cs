using System.Text.Json;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Tests.Hosting;

namespace Pipeline.Gateway.Tests.WebSockets;

/// <summary>Snapshot and live through a real gateway and real sockets, while records come from another thread.</summary>
public sealed class SocketSeamTests
{
    private const int Subscriptions = 1_000;
    private const int AtOnce = 8;
    private const int LiveWanted = 40;
    private const int TradesOfBurst = 20;
    private const long Minute = 60_000_000;

    [Fact]
    public async Task Subscribe_1000TimesDuringABurst_SnapshotAndLiveHaveNoMissingAndNoDoubleRecord()
    {
        await using var gateway = await RunningGateway.StartAsync();
        Write(gateway.Source, 0);
        await gateway.UntilToldAsync(3);
        using var bound = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var ending = new CancellationTokenSource();
        using var pace = await SocketSubscriber.SubscribeAsync(gateway);
        var writing = Task.Run(() => WriteAsync(gateway.Source, pace, ending.Token));

        long live = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = bound.Token };
        await Parallel.ForEachAsync(Enumerable.Range(0, Subscriptions), options, async (_, cancellation) =>
        {
            using var client = await SocketSubscriber.SubscribeAsync(gateway);
            await client.ReadUntilAsync(() => client.LiveTrades >= LiveWanted, cancellation);
            AssertHasNoSeam(client.Data);
            Interlocked.Add(ref live, client.LiveTrades);
        });
        await ending.CancelAsync();
        await writing;

        Assert.Equal(Subscriptions * LiveWanted, live);
        pace.Dispose();
        await RunningGateway.UntilAsync(() => gateway.Metrics.GatewayClientCount == 0 && gateway.Host.Figures.Sessions.Count == 0);
    }

    /// <summary>
    /// A burst, and the next when one who reads has had it: clients come and go in the middle of what arrives, and nobody falls behind for good.
    /// </summary>
    private static async Task WriteAsync(MemorySource source, SocketSubscriber pace, CancellationToken ending)
    {
        for (var next = 1; !ending.IsCancellationRequested;)
        {
            for (var last = next + TradesOfBurst; next < last; next++)
            {
                Write(source, next);
            }

            await pace.ReadUntilAsync(() => pace.LastTrade == next - 1, CancellationToken.None);
            pace.Data.Clear();
        }
    }

    /// <summary>A trade whose id is its offset; and a candle that forms, at the offset before that of the same candle's end.</summary>
    private static void Write(MemorySource source, int index)
    {
        source.AddTrade(index, RunningGateway.Now);
        foreach (var state in new[] { "forming", "final" })
        {
            source.Add(
                TopicKind.Candles,
                $"binance:BTC-USDT:1m:{index * Minute}",
                $$"""{"venue":"binance","instrument":"BTC-USDT","interval":"1m","openTime":{{index * Minute}},"state":"{{state}}"}""",
                RunningGateway.Now);
        }
    }

    private static void AssertHasNoSeam(List<JsonElement> data)
    {
        AssertTrades([.. data.Where(one => one.GetProperty("stream").GetString() == "binance:BTC-USDT:trade")]);
        AssertCandles([.. data.Where(one => one.GetProperty("stream").GetString() == "binance:BTC-USDT:candle:1m")]);
    }

    /// <summary>One of the snapshot, then every offset there is.</summary>
    private static void AssertTrades(List<JsonElement> trades)
    {
        var first = Seq(trades[0]);
        Assert.Equal(Enumerable.Range((int)first, trades.Count), trades.Select(one => (int)Seq(one)));
        Assert.Equal(trades.Select(Seq), trades.Select(one => one.GetProperty("data").GetProperty("id").GetInt64()));
        Assert.Equal(trades.SkipLast(1).Select(Seq), trades.Skip(1).Select(Prev));
        Assert.Equal(trades.Select((_, i) => i == 0), trades.Select(one => one.GetProperty("snapshot").GetBoolean()));
    }

    /// <summary>
    /// Offsets rise; every final from the snapshot's on is there, each under the offset that it has. A forming one may be left out for its final.
    /// </summary>
    private static void AssertCandles(List<JsonElement> candles)
    {
        var seqs = candles.ConvertAll(Seq);
        Assert.Equal(seqs.Order().Distinct(), seqs);
        var finals = candles.Where(one => one.GetProperty("data").GetProperty("state").GetString() == "final").ToList();
        var first = Seq(finals[0]);
        Assert.Equal(finals.Select((_, i) => first + (2 * i)), finals.Select(Seq));
        Assert.Equal(finals.SkipLast(1).Select(Seq), finals.Skip(1).Select(Prev));
        Assert.Equal(finals.Select(one => (Seq(one) - 1) / 2 * Minute), finals.Select(one => one.GetProperty("data").GetProperty("openTime").GetInt64()));
    }

    private static long Seq(JsonElement message) => message.GetProperty("seq").GetInt64();

    private static long Prev(JsonElement message) => message.GetProperty("prev").GetInt64();
}
