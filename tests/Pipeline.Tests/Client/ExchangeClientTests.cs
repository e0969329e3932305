using System.Collections.Concurrent;
using System.Reactive.Linq;
using Pipeline.Core.Client;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Pooling;
using Pipeline.Core.Market;
using Pipeline.Tests.Simulator;
using Pipeline.Venues.Binance;
using Pipeline.Venues.Binance.Rest;

namespace Pipeline.Tests.Client;

public sealed class ExchangeClientTests
{
    [Fact]
    public async Task Watch_EachKind_BringsWhatTheExchangeMakes()
    {
        await using var simulation = await Simulation.StartAsync(Simulation.Options with { TradesPerSecond = 20, QuotesPerSecond = 20 });
        using var http = new HttpClient();
        await using var client = Create(simulation, http);
        var (trades, quotes, books, candles) =
            (new ConcurrentQueue<Trade>(), new ConcurrentQueue<Quote>(), new ConcurrentQueue<TopOfBook>(), new ConcurrentQueue<Candle>());
        using var a = client.WatchTrades("BTC-USDT").Subscribe(trades.Enqueue);
        using var b = client.WatchQuotes("btc/usdt").Subscribe(quotes.Enqueue);
        using var c = client.WatchBook("BINANCE:BTCUSDT").Subscribe(books.Enqueue);
        using var d = client.WatchCandles("BTCUSDT", "s1").Subscribe(candles.Enqueue);

        await UntilAsync(simulation, () => trades.Count > 50 && quotes.Count > 20 && books.Count > 10 && candles.Count(one => one.State == CandleState.Final) > 2);

        var ids = trades.Select(trade => trade.Id).ToList();
        Assert.Equal(Enumerable.Range(0, ids.Count).Select(i => ids[0] + i), ids);
        Assert.All(quotes, quote => Assert.True(quote.Bid < quote.Ask));
        Assert.All(books, book => Assert.True(book.Bids[0].Price < book.Asks[0].Price && book.Bids[1].Price < book.Bids[0].Price));
        Assert.All(candles, candle => Assert.Equal("1s", candle.Interval.Name));

        // Trades and candles share a stream.
        Assert.Equal(3, client.Statistics.TotalStreams);
    }

    [Fact]
    public async Task Watch_TheSameTwice_SharesAStream_AndCompletesWithTheClient()
    {
        await using var simulation = await Simulation.StartAsync();
        using var http = new HttpClient();
        var client = Create(simulation, http);
        var completed = 0;
        var seen = new int[2];
        using var a = client.WatchTrades("BTC-USDT").Subscribe(_ => seen[0]++, () => Interlocked.Increment(ref completed));
        using var b = client.WatchTrades("BTC/USDT").Subscribe(_ => seen[1]++, () => Interlocked.Increment(ref completed));
        await UntilAsync(simulation, () => seen[0] > 3 && seen[1] > 3);

        Assert.Equal(1, client.Statistics.TotalStreams);
        Assert.Equal(2, Assert.Single(client.Statistics.Streams).Subscribers);
        a.Dispose();
        Assert.Equal(1, Assert.Single(client.Statistics.Streams).Subscribers);
        await client.DisposeAsync();
        Assert.Equal(1, completed);
    }

    /// <summary>What station 3 has seen tells the feed that the new socket's trades follow the old one's: no stream is left to its time.</summary>
    [Fact]
    public async Task Rotation_IsProvenByTheIdsOfTrades()
    {
        await using var simulation = await Simulation.StartAsync(Simulation.Options with { TradesPerSecond = 20 });
        using var http = new HttpClient();
        await using var client = Create(simulation, http);
        var (trades, rotations) = (new ConcurrentQueue<Trade>(), new ConcurrentQueue<ConnectionRotated>());
        using var a = client.Events.OfType<ConnectionRotated>().Subscribe(rotations.Enqueue);
        using var b = client.WatchTrades("BTC-USDT").Subscribe(trades.Enqueue);
        await UntilAsync(simulation, () => trades.Count > 20);
        await simulation.FaultAsync("""{"id":"F09","parameters":{"closeAfter":"600s"}}""");
        await UntilAsync(simulation, () => !rotations.IsEmpty);

        Assert.Equal((true, 0), (rotations.Single().Outcome.IsDone, rotations.Single().Outcome.Unproven));
        Assert.Equal(RotationCause.Announced, rotations.Single().Cause);
        var ids = trades.Select(trade => trade.Id).ToList();
        Assert.Equal(Enumerable.Range(0, ids.Count).Select(i => ids[0] + i), ids);
    }

    [Theory]
    [InlineData("BTCX")]
    [InlineData("")]
    public async Task Watch_WhatNobodyHas_IsRefusedAtOnce(string name)
    {
        await using var simulation = await Simulation.StartAsync();
        using var http = new HttpClient();
        await using var client = Create(simulation, http);

        Assert.ThrowsAny<ArgumentException>(() => client.WatchTrades(name));
    }

    private static ExchangeClient Create(Simulation simulation, HttpClient http)
    {
        var rest = new UriBuilder(simulation.Host.BinanceSpotUri) { Scheme = "http" }.Uri;
        return new ExchangeClient(
            new BinanceSpotAdapter(),
            new ExchangeClientOptions
            {
                Endpoint = simulation.Host.BinanceSpotUri,
                Rest = new BinanceSpotRest(http, rest, TimeProvider.System),
            },
            simulation.Clock);
    }

    /// <summary>Moves the market and the client's deadlines on, a little at a time, until the condition holds.</summary>
    private static async Task UntilAsync(Simulation simulation, Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(RealTime.Bound);
        while (!condition())
        {
            simulation.Clock.Advance(TimeSpan.FromMilliseconds(20));

            // Not a wait for something to be over: sockets and their threads need the processor too.
            await Task.Delay(1, limit.Token);
        }
    }
}
