using System.Globalization;
using System.Text.Json;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Venues.Acceptance;

/// <summary>The rows for venues with requests, trades, books and an HTTP interface.</summary>
public abstract class ExchangeAcceptanceTests : VenueAcceptanceTests
{
    private static readonly TimeSpan Halt = TimeSpan.Zero;

    /// <summary>TC-03 error.</summary>
    [Fact]
    public async Task Subscribe_StreamTheVenueRefuses_FailsInItsWords()
    {
        var refused = Venue.Refused!.Value;
        await using var world = await AcceptanceWorld.StartAsync(Venue, [refused.Stream]);
        await world.SettleAsync(() => world.Outcomes.Any());

        var outcome = world.Outcomes.First();
        Assert.Equal([refused.Stream], outcome.Streams);
        Assert.Contains(refused.Words, outcome.Reason, StringComparison.Ordinal);
        Assert.False(world.Feed.Ready.IsCompleted);
    }

    /// <summary>TC-04 partial failure: one bad name must not sink its neighbours.</summary>
    [Fact]
    public async Task Subscribe_OneRefusedAmongGood_LosesTheRefusedAlone()
    {
        var refused = Venue.Refused!.Value;
        // All on one address: the bad name belongs among the good ones.
        var good = AcceptanceWorld.StreamsOf(Venue, [.. Adapter.Channels])
            .Where(stream => Adapter.RouteOf(stream) == Adapter.RouteOf(refused.Stream)).ToList();
        await using var world = await AcceptanceWorld.StartAsync(Venue, [good[0], refused.Stream, .. good.Skip(1)]);
        await world.UntilAsync(() => world.Outcomes.Any(outcome => !outcome.IsConfirmed)
            && world.Feed.Statistics.ActiveStreams == good.Count);
        var before = world.Records.ToDictionary();
        await world.UntilAsync(() => world.Records.Count(channel => channel.Value > before.GetValueOrDefault(channel.Key)) >= 2);

        Assert.Equal([refused.Stream], world.Outcomes.Where(outcome => !outcome.IsConfirmed).SelectMany(outcome => outcome.Streams).Distinct());
    }

    /// <summary>TC-06 trades are what was traded: ids, prices, quantities, sides and times.</summary>
    [Fact]
    public async Task Receive_Trades_AreTheTruth()
    {
        await using var world = await AcceptanceWorld.StartAsync(Venue, AcceptanceWorld.StreamsOf(Venue, StreamChannel.Trade));
        await world.ReadyAsync();
        await world.UntilAsync(() => world.Trades.Count >= 100);

        foreach (var ofOne in world.Trades.GroupBy(trade => trade.Symbol))
        {
            await AssertTruthAsync(world, world.Symbols[ofOne.Key], [.. ofOne]);
        }
    }

    /// <summary>TC-08 gap: what was traded while there was no connection is missing, and nothing hides it.</summary>
    [Fact]
    public async Task Reconnect_AfterAReset_LeavesAHole()
    {
        await using var world = await StartStandingAsync();
        await BreakAsync(world);

        var heard = world.Trades.Where(trade => trade.Symbol == 0).Select(trade => trade.Id).ToHashSet();
        var missed = (await world.TruthAsync(world.Symbols[0])).Keys.Where(id => id > heard.Min() && id < heard.Max() && !heard.Contains(id));
        Assert.NotEmpty(missed);
    }

    /// <summary>TC-10 book resync: leaving and taking one stream again begins its book anew, and touches no other connection's streams.</summary>
    [Fact]
    public async Task Resync_OfABook_BeginsItAnew()
    {
        await using var world = await AcceptanceWorld.StartAsync(
            Venue, AcceptanceWorld.StreamsOf(Venue, StreamChannel.Book, StreamChannel.Quote));
        await world.ReadyAsync();
        await world.UntilAsync(() => world.Books.Any(IsBeginning));
        var before = world.Books.Count(IsBeginning);
        Assert.True(world.Feed.Resubscribe(AcceptanceWorld.StreamsOf(Venue, StreamChannel.Book)[0]));
        await world.UntilAsync(() => world.Books.Count(IsBeginning) > before && world.Feed.Statistics.Connections.All(one => one.Confirmed == one.Streams));

        Assert.Empty(world.Events.OfType<ConnectionLost>());
        Assert.Empty(world.DeadLetters);

        // Where the snapshot comes from elsewhere, differences are all there is to see.
        bool IsBeginning(VenueBookUpdate update) =>
            update.Kind == BookUpdateKind.Snapshot || Adapter.RulesFor("").Book is BookRule.Range or BookRule.Previous;
    }

    /// <summary>TC-11 ping: the connection outlives the venue's idle rule, whoever has to ping.</summary>
    [Fact]
    public async Task Ping_WhenItIsDue_IsAnsweredAndNoDeadLetter()
    {
        var time = new TestTimeProvider();
        await using var world = await AcceptanceWorld.StartAsync(Venue, AcceptanceWorld.StreamsOf(Venue, Adapter.Channels[0]), time: time);
        await world.ReadyAsync();

        if (Venue.PingsUs)
        {
            await world.UntilAsync(async () => await SumAsync(world, "pongs") > 0, TimeSpan.FromSeconds(1));
        }
        else
        {
            var keepAlive = Adapter.KeepAlive!;

            // The market stands still: the answer is all that can arrive.
            await world.FlushAsync();
            var control = world.ControlFrames;

            // A little more than due: an answer that arrives in the instant of the question would count as one from before it.
            time.Advance(keepAlive.Interval + TimeSpan.FromMilliseconds(1));
            await world.UntilAsync(() => Task.FromResult(world.ControlFrames >= control + world.Feed.Statistics.TotalConnections), Halt);
            await world.FlushAsync();
            time.Advance(keepAlive.AnswerTimeout);
        }

        var before = world.Records.Values.Sum();
        await world.UntilAsync(() => world.Records.Values.Sum() > before);
        Assert.True(world.Feed.Statistics.Connections.All(connection => connection.IsReady));
        Assert.Empty(world.Events.OfType<ConnectionLost>());
        Assert.Equal(world.Flushed, world.DeadLetters.Count);
    }

    /// <summary>TC-13 HTTP: what repair, snapshots and lists need is there, and is the simulator's own.</summary>
    [Fact]
    public async Task Rest_EveryMethod_TellsTheMarketAsItIs()
    {
        await using var world = await AcceptanceWorld.StartAsync(Venue, AcceptanceWorld.StreamsOf(Venue, StreamChannel.Trade));
        await world.ReadyAsync();
        await world.UntilAsync(() => world.Trades.Count >= 100);
        using var http = new HttpClient();
        var rest = Venue.Rest!(http, new UriBuilder(Venue.Address(world.Simulation.Host)!) { Scheme = "http" }.Uri, world.Simulation.Clock);
        var (instrument, batch) = (world.Instruments[0], new VenueBatch());
        batch.Source = new FeedSource(Adapter.Venue, "rest", null, world.Symbols, Adapter.TimeUnit);
        var now = MarketTime.Now(world.Simulation.Clock);
        var minute = CandleInterval.Parse("1m");

        Assert.Contains(await rest.GetInstrumentsAsync(default), info => info.Id == instrument.Id && info.Symbol == instrument.Symbol);
        Assert.True((await rest.GetTurnoverAsync(default))[instrument.Symbol].IsPositive);
        Assert.InRange(await rest.GetServerTimeAsync(default), now - 1000, now + 1000);
        Assert.Equal(20, await rest.GetTradesAsync(instrument.Symbol, Venue.TradeSource, null, 20, batch, default));
        Assert.Equal(1, await rest.GetCandlesAsync(instrument.Symbol, minute, minute.OpenOf(now), now + 1, batch, default));
        Assert.Equal(1, await rest.GetBookAsync(instrument.Symbol, 20, batch, default));

        var trades = batch.Trades.Span.ToArray();
        Assert.Equal(trades.OrderBy(trade => trade.Time), trades);
        await AssertTruthAsync(world, instrument, trades);
        Assert.Equal((minute.OpenOf(now), false), (batch.Candles[0].OpenTime * Adapter.TimeUnit, batch.Candles[0].Closed));
        var book = batch.BookUpdates[0];
        Assert.Equal((BookUpdateKind.Snapshot, book.Bids), (book.Kind, book.Asks));
        Assert.True(book.Bids >= 20, "At least what was asked for: some venues have steps.");
        Assert.True(batch.Levels[0].Price < batch.Levels[book.Bids].Price, "The book is crossed.");
    }

    private async Task AssertTruthAsync(AcceptanceWorld world, Instrument instrument, VenueTrade[] trades)
    {
        var truth = await world.TruthAsync(instrument);
        Assert.All(trades, trade => Assert.Equal(
            Describe(truth[trade.Id], Venue.UnitsPerBase(instrument.Id)), Describe(trade, Adapter.TimeUnit)));
        Assert.Equal(trades.Length, trades.Select(trade => trade.Id).Distinct().Count());
    }

    private static string Describe(JsonElement trade, int unitsPerBase) => string.Join(
        ' ',
        trade.GetProperty("price"),
        Units(trade.GetProperty("quantity").GetString()!, unitsPerBase),
        trade.GetProperty("side"),
        trade.GetProperty("time").GetInt64() / 1000);

    private static Number Units(string quantity, int unitsPerBase) =>
        Number.Parse((decimal.Parse(quantity, CultureInfo.InvariantCulture) * unitsPerBase).ToString(CultureInfo.InvariantCulture));

    private static string Describe(VenueTrade trade, int timeUnit) => string.Join(
        ' ', trade.Price, trade.Quantity, trade.Side == AggressorSide.Buy ? "buy" : "sell", trade.Time * timeUnit / 1000);

    private static async Task<long> SumAsync(AcceptanceWorld world, string figure) =>
        (await world.Simulation.GetAsync("/connections")).EnumerateArray().Sum(connection => connection.GetProperty(figure).GetInt64());
}
