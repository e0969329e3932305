using System.Text.Json;
using Pipeline.Simulator.Okx;
using static Pipeline.Tests.Simulator.OkxTesting;

namespace Pipeline.Tests.Simulator;

public sealed class OkxBookTests
{
    [Fact]
    public async Task Books_OverThousandsOfUpdatesAndResubscriptions_ChainAndAgreeWithTheSmallBooks()
    {
        await using var simulation = await StartAsync();
        await using var steady = await simulation.ConnectAsync();
        await using var restless = await simulation.ConnectAsync();
        var (book, other) = (new OkxBookClient(), new OkxBookClient());
        await steady.SubscribeAsync(Arg("books"), Arg("books5"), Arg("bbo-tbt"));
        var compared = 0;
        for (var i = 0; i < 24; i++)
        {
            await restless.AskAsync(Request("unsubscribe", Arg("books")));
            await restless.SubscribeAsync(Arg("books"));
            simulation.Advance(10);
            compared += Check(book, await steady.ReadAsync());
            foreach (var frame in (await restless.ReadAsync()).Of("books"))
            {
                other.Apply(frame);
            }

            Assert.Equal((book.Sequence, book.Top(400)), (other.Sequence, other.Top(400)));
        }

        Assert.Equal((1, 24), (book.Snapshots, other.Snapshots));
        Assert.True(book.Updates > 2000, $"only {book.Updates} updates");
        Assert.True(compared > 2000, $"only {compared} comparisons");
        Assert.Empty(other.Sequences.Except(book.Sequences));
        Assert.Contains(book.Sequences.Zip(book.Sequences.Skip(1)), pair => pair.Second - pair.First > 1);
    }

    [Fact]
    public async Task Books_OverRest_AreTheBookOfTheStreamAtTheSameSequence()
    {
        await using var simulation = await StartAsync();
        await using var client = await simulation.ConnectAsync();
        await client.SubscribeAsync(Arg("books"));
        var book = new OkxBookClient();
        var compared = 0;
        for (var i = 0; i < 100; i++)
        {
            simulation.Advance(0.06);
            Check(book, await client.ReadAsync());
            using var rest = await GetAsync(simulation, "books?instId=BTC-USDT&sz=400");
            var row = rest.RootElement.GetProperty("data")[0];
            Assert.Equal("asks bids seqId: ts", row.Members());
            compared += book.Snapshots == 0 ? 0 : Compare(book, (row, 400));
        }

        Assert.InRange(compared, 3, 100);
    }

    [Fact]
    public async Task Books_SubscribedTwice_AreAcknowledgedWithoutASecondSnapshot()
    {
        await using var simulation = await StartAsync();
        await using var client = await simulation.ConnectAsync();
        await client.SubscribeAsync(Arg("books"));
        simulation.Advance(1);
        Assert.Single((await client.ReadAsync()).Of("books"), frame => frame.Text("action") == "snapshot");

        await client.SubscribeAsync(Arg("books"));
        simulation.Advance(1);
        var frames = (await client.ReadAsync()).Of("books").ToList();
        Assert.True(frames.Count > 5);
        Assert.All(frames, frame => Assert.Equal("update", frame.Text("action")));
    }

    [Fact]
    public async Task Books_OfAQuietMarket_AreKeptAliveOnceAMinute()
    {
        await using var simulation = await StartAsync(VenueSimulation.Options with { TradesPerSecond = 0, QuotesPerSecond = 0 });
        await using var client = await simulation.ConnectAsync();
        await client.SubscribeAsync(Arg("books"), Arg("books5"), Arg("bbo-tbt"));
        List<JsonElement> frames = [];
        for (var i = 0; i < 13; i++)
        {
            simulation.Advance(10);
            frames.AddRange(await client.ReadAsync());
        }

        var books = frames.Of("books").ToList();
        Assert.Equal(["snapshot", "update", "update"], books.Select(frame => frame.Text("action")));
        var (snapshot, update) = (books[0].GetProperty("data")[0], books[1].GetProperty("data")[0]);
        Assert.Equal((snapshot.Whole("seqId"), snapshot.Whole("seqId")), (update.Whole("prevSeqId"), update.Whole("seqId")));
        Assert.Equal((0, 0), (update.GetProperty("asks").GetArrayLength(), update.GetProperty("bids").GetArrayLength()));
        Assert.Equal((3, 3), (frames.Of("books5").Count(), frames.Of("bbo-tbt").Count()));
    }

    /// <summary>Applies the big book; the small ones must be its top when they have the same sequence id. Returns how often they had.</summary>
    private static int Check(OkxBookClient book, IEnumerable<JsonElement> frames)
    {
        var compared = 0;
        (JsonElement Row, int Depth)? best = null;
        foreach (var frame in frames.Where(frame => !frame.TryGetProperty("event", out _)))
        {
            var channel = frame.GetProperty("arg").Text("channel");
            var row = frame.GetProperty("data")[0];
            switch (channel)
            {
                case "bbo-tbt":
                    best = (row, 1);
                    break;
                case "books":
                    book.Apply(frame);
                    compared += Compare(book, best);
                    break;
                default:
                    Assert.Equal(book.Sequence, row.Whole("seqId"));
                    compared += Compare(book, (row, 5));
                    break;
            }
        }

        return compared;
    }

    private static int Compare(OkxBookClient book, (JsonElement Row, int Depth)? small)
    {
        if (small is not { } given || given.Row.Whole("seqId") != book.Sequence)
        {
            return 0;
        }

        Assert.Equal(book.Top(given.Depth), OkxBookClient.Top(given.Row));
        return 1;
    }

    private static async Task<JsonDocument> GetAsync(VenueSimulation simulation, string path) =>
        JsonDocument.Parse(await simulation.Http.GetStringAsync(new Uri($"/api/v5/market/{path}", UriKind.Relative)));
}
