using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Pipeline.Tests.Simulator.Faults;

/// <summary>Faults of data and subscriptions as a client of the Binance spot dialect sees them.</summary>
public sealed class DataFaultTests : IAsyncLifetime
{
    private const string List = """{"method":"LIST_SUBSCRIPTIONS","id":1}""";
    private Simulation _simulation = null!;

    public async Task InitializeAsync() => _simulation = await Simulation.StartAsync();

    public async Task DisposeAsync() => await _simulation.DisposeAsync();

    [Fact]
    public async Task F17_CutsMessages_AndTheirPartsMakeTheWhole()
    {
        await using var whole = await _simulation.ConnectAsync();
        await using var cut = await _simulation.ConnectAsync();
        await whole.SubscribeAsync("btcusdt@trade");
        await cut.SubscribeAsync("btcusdt@trade");
        await _simulation.FaultAsync("""{"id":"F17","connection":2,"parameters":{"fragments":4}}""");
        Advance(10);

        for (var i = 0; i < 5; i++)
        {
            var text = new List<byte>();
            List<int> opcodes = [];
            while (opcodes.Count < 7)
            {
                var (opcode, payload) = await cut.ReadFrameAsync();
                opcodes.Add(opcode);
                text.AddRange(payload);
            }

            Assert.Equal([1, 10, 0, 10, 0, 10, 0], opcodes);
            Assert.Equal(await whole.ReadTextAsync(), Encoding.UTF8.GetString([.. text]));
        }
    }

    [Fact]
    public async Task F20_AcksWhatIsAskedForMeanwhile_WithoutData()
    {
        await using var client = await _simulation.ConnectAsync();
        await client.SubscribeAsync("btcusdt@bookTicker");
        var handle = await _simulation.FaultAsync("""{"id":"F20"}""");
        await client.SubscribeAsync("btcusdt@trade");
        Advance(5);
        await EndAsync(handle);
        var muted = await ReadAsync(client);
        Advance(5);
        var after = await ReadAsync(client);

        Assert.Contains(muted, frame => frame.TryGetProperty("B", out _));
        Assert.DoesNotContain(muted, IsTrade);
        Assert.Contains(after, IsTrade);
    }

    [Fact]
    public async Task F22_SwallowsOneRequest()
    {
        await using var client = await _simulation.ConnectAsync();
        await _simulation.FaultAsync("""{"id":"F22"}""");
        await client.SendAsync("""{"method":"SUBSCRIBE","params":["btcusdt@trade"],"id":7}""");

        Assert.Equal("""{"result":[],"id":1}""", await client.AskAsync(List));
    }

    [Fact]
    public async Task F22_WithADelay_AnswersLate()
    {
        await using var client = await _simulation.ConnectAsync();
        await _simulation.FaultAsync("""{"id":"F22","parameters":{"delay":"3s"}}""");
        await client.SendAsync("""{"method":"GET_PROPERTY","params":["combined"],"id":7}""");
        await client.SubscribeAsync("late@trade");
        Advance(4);

        Assert.Equal("""{"result":false,"id":7}""", await client.ReadTextAsync());
    }

    [Theory]
    [InlineData("0s")]
    [InlineData("10m")]
    public async Task F22_WithAShare_LetsTheOthersThrough(string delay)
    {
        await using var client = await _simulation.ConnectAsync();
        await _simulation.FaultAsync($$$"""{"id":"F22","for":"1d","parameters":{"percent":30,"delay":"{{{delay}}}"}}""");
        for (var i = 1; i <= 100; i++)
        {
            // One after the other, at most four a second: the venue closes on a sixth. Not for a minute: nobody answers its pings.
            await client.SendAsync($$"""{"method":"GET_PROPERTY","params":["combined"],"id":{{i}}}""");
            await _simulation.UntilAsync("/transcript/connections", all => all.GetProperty("connections")[0].GetProperty("requests").GetInt32() == i);
            _simulation.Clock.Advance(TimeSpan.FromMilliseconds(300));
        }

        var struck = (await _simulation.GetAsync("/faults")).GetProperty("active")[0].GetProperty("struck").GetInt32();
        Assert.InRange(struck, 15, 45);
    }

    [Fact]
    public async Task F23_AnswersALongRequestWithCode3()
    {
        await using var client = await _simulation.ConnectAsync();
        await _simulation.FaultAsync("""{"id":"F23"}""");

        Assert.Equal(
            """{"error":{"code":3,"msg":"Invalid JSON: EOF while parsing a string at line 1 column 4096"}}""",
            await client.AskAsync(List + new string(' ', 4096)));
    }

    [Fact]
    public async Task F24_SendsDataBeforeTheAck()
    {
        await using var client = await _simulation.ConnectAsync();
        await _simulation.FaultAsync("""{"id":"F24","parameters":{"atMost":"60s"}}""");
        await client.SendAsync("""{"method":"SUBSCRIBE","params":["btcusdt@trade"],"id":1}""");
        await _simulation.UntilAsync("/connections", open => open[0].GetProperty("streams").GetArrayLength() == 1);
        Advance(5);

        Assert.StartsWith("{\"e\":\"trade\"", await client.ReadTextAsync(), StringComparison.Ordinal);
        Assert.Equal("""{"result":null,"id":1}""", await client.ReadTextAsync());
        Assert.StartsWith("{\"e\":\"trade\"", await client.ReadTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task F25_RefusesAndCloses()
    {
        await using var client = await _simulation.ConnectAsync();
        await _simulation.FaultAsync("""{"id":"F25"}""");

        Assert.Equal(
            """{"error":{"code":2,"msg":"Invalid request: invalid stream"}}""",
            await client.AskAsync("""{"method":"SUBSCRIBE","params":["btcusdt@trade"],"id":1}"""));
        Assert.Equal("1008 Invalid request", await client.ReadCloseAsync());
    }

    [Fact]
    public async Task F27_WritesErrorsFlat()
    {
        await using var client = await _simulation.ConnectAsync();
        await _simulation.FaultAsync("""{"id":"F27"}""");

        Assert.Equal(
            """{"code":0,"msg":"Unknown property","id":3}""",
            await client.AskAsync("""{"method":"GET_PROPERTY","params":["nothing"],"id":3}"""));
    }

    [Fact]
    public async Task F34_GoesOnAfterTheUnsubscription()
    {
        await using var client = await _simulation.ConnectAsync();
        await client.SubscribeAsync("btcusdt@trade");
        await _simulation.FaultAsync("""{"id":"F34","parameters":{"lasting":"2s"}}""");
        Advance(5);
        await client.SendAsync("""{"method":"UNSUBSCRIBE","params":["btcusdt@trade"],"id":9}""");
        while (!(await client.ReadTextAsync()).StartsWith("{\"result\":null,\"id\":9}", StringComparison.Ordinal))
        {
        }

        Advance(3);

        Assert.StartsWith("{\"e\":\"trade\"", await client.ReadTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task F40_StopsData_AndKeepsPings()
    {
        await using var client = await _simulation.ConnectAsync();
        await client.SubscribeAsync("btcusdt@trade", "btcusdt@bookTicker");
        await _simulation.FaultAsync("""{"id":"F40","for":"30s"}""");
        Advance(21);

        Assert.Equal(9, (await client.ReadFrameAsync()).Opcode);
        Advance(20);
        Assert.Equal(1, (await client.ReadFrameAsync()).Opcode);
    }

    [Theory]
    [InlineData(""" "stream":"btcusdt@trade" """)]
    [InlineData(""" "stream":"*@trade","symbol":"BTCUSDT" """)]
    public async Task F41_StopsOneStream(string filter)
    {
        await using var client = await _simulation.ConnectAsync();
        await client.SubscribeAsync("btcusdt@trade", "btcusdt@bookTicker");
        await _simulation.FaultAsync($$"""{"id":"F41",{{filter}}}""");
        Advance(5);
        var frames = await ReadAsync(client);

        Assert.True(frames.Count > 10);
        Assert.DoesNotContain(frames, IsTrade);
    }

    [Fact]
    public async Task F43_LeavesOutSoManyUpdates()
    {
        await using var client = await _simulation.ConnectAsync();
        await client.SubscribeAsync("btcusdt@depth@100ms");
        await _simulation.FaultAsync("""{"id":"F43","count":2}""");
        Advance(2);
        var updates = await ReadAsync(client);
        await using var other = await _simulation.ConnectAsync();
        await other.SubscribeAsync("btcusdt@depth@100ms");
        await _simulation.FaultAsync("""{"id":"F43","count":1,"connection":1}""");
        Advance(2);
        var (holed, full) = (await ReadAsync(client), await ReadAsync(other));

        Assert.All(updates.Zip(updates.Skip(1)), Continues);
        Assert.Equal(full.Count - 1, holed.Count);
        Assert.Equal(2, (await _simulation.GetAsync("/faults")).GetProperty("ended")[0].GetProperty("struck").GetInt32());
    }

    [Fact]
    public async Task F46_GroupsUpdatesOtherwiseOnEveryOtherConnection()
    {
        await using var odd = await _simulation.ConnectAsync();
        await using var even = await _simulation.ConnectAsync();
        await odd.SubscribeAsync("btcusdt@depth@100ms");
        await even.SubscribeAsync("btcusdt@depth@100ms");
        await _simulation.FaultAsync("""{"id":"F46"}""");
        Advance(3);
        var (joined, single) = (await ReadAsync(odd), await ReadAsync(even));

        Assert.InRange(joined.Count, (single.Count / 2) - 1, (single.Count / 2) + 1);
        Assert.All(joined.Zip(joined.Skip(1)), Continues);
        Assert.All(single.Zip(single.Skip(1)), Continues);
        Assert.Equal(single[0].GetProperty("U").GetInt64(), joined[0].GetProperty("U").GetInt64());
        Assert.Equal(single[1].GetProperty("u").GetInt64(), joined[0].GetProperty("u").GetInt64());
        Assert.Equal(Levels(single.Take(2)), Levels(joined.Take(1)));
    }

    [Fact]
    public async Task F47_SwapsOneQuoteWithTheNext()
    {
        await using var client = await _simulation.ConnectAsync();
        await client.SubscribeAsync("btcusdt@bookTicker");
        await _simulation.FaultAsync("""{"id":"F47"}""");
        Advance(5);
        var ids = (await ReadAsync(client)).Select(quote => quote.GetProperty("u").GetInt64()).ToList();

        Assert.True(ids[0] > ids[1]);
        Assert.Equal(ids.Order(), ids.Skip(1).Take(1).Append(ids[0]).Concat(ids.Skip(2)));
    }

    [Fact]
    public async Task F73_SendsAFrameOfTradesTwice()
    {
        await using var client = await _simulation.ConnectAsync();
        await client.SubscribeAsync("btcusdt@trade", "btcusdt@bookTicker");
        await _simulation.FaultAsync("""{"id":"F73","count":3}""");
        Advance(5);
        var frames = await ReadAsync(client);
        var ids = frames.Where(IsTrade).Select(trade => trade.GetProperty("t").GetInt64()).ToList();
        var quotes = frames.Where(frame => frame.TryGetProperty("B", out _)).Select(quote => quote.GetProperty("u").GetInt64()).ToList();

        Assert.Equal([ids[0], ids[0], ids[2], ids[2], ids[4], ids[4]], ids.Take(6));
        Assert.Equal(ids.Count - 3, ids.Distinct().Count());
        Assert.Equal(quotes.Distinct(), quotes);
    }

    [Fact]
    public async Task F74_SwapsAFrameOfTradesWithTheNext()
    {
        await using var client = await _simulation.ConnectAsync();
        await client.SubscribeAsync("btcusdt@trade");
        await _simulation.FaultAsync("""{"id":"F74"}""");
        Advance(5);
        var ids = (await ReadAsync(client)).Select(trade => trade.GetProperty("t").GetInt64()).ToList();

        Assert.Equal(ids[1] + 1, ids[0]);
        Assert.Equal(ids.Order(), ids.Skip(1).Take(1).Append(ids[0]).Concat(ids.Skip(2)));
    }

    [Fact]
    public async Task Injected_NamesTheTradesThatWereWithheldOrNeverGiven()
    {
        await using var client = await _simulation.ConnectAsync();
        await client.SubscribeAsync("btcusdt@trade", "btcusdt@bookTicker");
        Advance(1);
        await _simulation.FaultAsync("""{"id":"F41","stream":"btcusdt@trade","count":4}""");
        Advance(5);
        await _simulation.FaultAsync("""{"id":"F48","symbol":"BTCUSDT","parameters":{"ids":7}}""");
        Advance(5);
        var hole = (await _simulation.GetAsync("/truth/summary")).GetProperty("symbols")[0].GetProperty("holes")[0];
        var ids = (await ReadAsync(client)).Where(IsTrade).Select(trade => trade.GetProperty("t").GetInt64()).ToHashSet();
        await _simulation.FaultAsync("""{"id":"F07","connection":1}""");
        var injected = await _simulation.GetAsync("/faults/injected");
        var strikes = injected.GetProperty("strikes").EnumerateArray().ToList();
        var muted = strikes.Where(strike => strike.GetProperty("id").GetString() == "F41").Select(strike => strike.GetProperty("firstId").GetInt64()).ToList();
        var never = strikes.Single(strike => strike.GetProperty("id").GetString() == "F48");

        Assert.Equal([("F41", 4), ("F48", 1), ("F07", 1)], injected.GetProperty("faults").EnumerateArray().Select(fault =>
            (fault.GetProperty("id").GetString()!, fault.GetProperty("struck").GetInt32())));
        Assert.Equal(4, muted.Count);
        Assert.All(muted, id => Assert.DoesNotContain(id, ids));
        Assert.Equal(
            (hole.GetProperty("from").GetInt64(), hole.GetProperty("to").GetInt64(), "BTCUSDT"),
            (never.GetProperty("firstId").GetInt64(), never.GetProperty("lastId").GetInt64(), never.GetProperty("target").GetString()));
        Assert.Equal(1, strikes.Single(strike => strike.GetProperty("id").GetString() == "F07").GetProperty("connection").GetInt32());
        Assert.Equal(0, injected.GetProperty("forgotten").GetInt64());
    }

    [Fact]
    public async Task F48_SkipsIdsForGood_AndSaysWhich()
    {
        await using var client = await _simulation.ConnectAsync();
        await client.SubscribeAsync("btcusdt@trade", "btcusdt@aggTrade");
        Advance(3);
        await _simulation.FaultAsync("""{"id":"F48","symbol":"btcusdt","parameters":{"ids":7}}""");
        Advance(5);
        var frames = await ReadAsync(client);
        var summary = (await _simulation.GetAsync("/truth/summary")).GetProperty("symbols")[0];
        var hole = summary.GetProperty("holes")[0];
        var truth = (await _simulation.GetAsync("/truth/trades?symbol=BTCUSDT&limit=5000")).GetProperty("trades").EnumerateArray()
            .Select(trade => trade.GetProperty("id").GetInt64()).ToList();
        var ids = frames.Where(IsTrade).Select(trade => trade.GetProperty("t").GetInt64()).ToList();

        Assert.Equal(truth, ids);
        Assert.Equal(summary.GetProperty("count").GetInt64(), ids.Count);
        Assert.Equal(hole.GetProperty("from").GetInt64() + 6, hole.GetProperty("to").GetInt64());
        Assert.Equal([8], ids.Zip(ids.Skip(1)).Select(pair => pair.Second - pair.First).Where(step => step != 1));
        Assert.Equal([8], Steps(frames, "a"));
    }

    [Fact]
    public async Task F49_SkipsTradeIds_AndNoAggregateIds()
    {
        await using var client = await _simulation.ConnectAsync();
        await client.SubscribeAsync("btcusdt@aggTrade");
        await _simulation.FaultAsync("""{"id":"F49","count":3}""");
        Advance(10);
        var frames = await ReadAsync(client);

        Assert.Empty(Steps(frames, "a"));
        Assert.Equal(2, frames.Zip(frames.Skip(1)).Count(pair =>
            pair.Second.GetProperty("f").GetInt64() != pair.First.GetProperty("l").GetInt64() + 1));
    }

    [Fact]
    public async Task F50_AddsTradesThatNoTakerMade()
    {
        await using var client = await _simulation.ConnectAsync();
        await client.SubscribeAsync("btcusdt@trade");
        await _simulation.FaultAsync("""{"id":"F50","count":2,"parameters":{"kind":"NA"}}""");
        Advance(5);
        var frames = await ReadAsync(client);
        var strange = frames.Where(frame => frame.TryGetProperty("X", out _)).ToList();

        Assert.Equal(2, strange.Count);
        Assert.All(strange, trade => Assert.Equal(("NA", "0", "0"), (Text(trade, "X"), Text(trade, "q"), Text(trade, "p"))));
    }

    [Fact]
    public async Task F51_MakesEmptyCandles()
    {
        await using var client = await _simulation.ConnectAsync();
        await client.SubscribeAsync("btcusdt@kline_1s", "btcusdt@trade");
        await _simulation.FaultAsync("""{"id":"F51","for":"3500ms"}""");
        Advance(3);
        var frames = await ReadAsync(client);

        Assert.True(frames.Count > 2);
        Assert.All(frames, frame => Assert.Equal((-1, -1, 0), (
            frame.GetProperty("k").GetProperty("f").GetInt64(),
            frame.GetProperty("k").GetProperty("L").GetInt64(),
            frame.GetProperty("k").GetProperty("n").GetInt64())));
    }

    [Theory]
    [InlineData("drop", "")]
    [InlineData("duplicate", "00")]
    [InlineData("swap", "10")]
    [InlineData("late", "10")]
    public async Task F52_TreatsTheLastFrameOfACandle(string mode, string order)
    {
        await using var client = await _simulation.ConnectAsync();
        await client.SubscribeAsync("btcusdt@kline_1s");
        await _simulation.FaultAsync($$$"""{"id":"F52","parameters":{"mode":"{{{mode}}}","delay":"1500ms"}}""");
        _simulation.Clock.Advance(TimeSpan.FromMilliseconds(5100));
        var opens = (await ReadAsync(client)).Where(frame => frame.GetProperty("k").GetProperty("x").GetBoolean())
            .Select(frame => frame.GetProperty("k").GetProperty("t").GetInt64()).ToList();
        var first = opens.Min();

        Assert.Equal(order, string.Concat(opens.Take(order.Length).Select(open => (open - first) / 1000)));
        Assert.Equal(mode switch { "drop" => 4, "duplicate" => 6, _ => 5 }, opens.Count);
    }

    [Fact]
    public async Task F53_AddsKeysAndMessagesNobodyKnows()
    {
        await using var client = await _simulation.ConnectAsync("/stream?streams=btcusdt@trade");
        await _simulation.UntilAsync("/connections", open => open.GetArrayLength() == 1);
        await _simulation.FaultAsync("""{"id":"F53"}""");
        Advance(3);
        var frames = await ReadAsync(client);
        var data = frames[0].GetProperty("data");

        Assert.Equal(JsonValueKind.Null, data.GetProperty("zzNull").ValueKind);
        Assert.Equal(JsonValueKind.Object, data.GetProperty("zzNested").ValueKind);
        Assert.True(data.GetProperty("t").GetInt64() > 0);
        Assert.StartsWith("unknown", Text(frames[1], "e"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task F54_WritesSymbolsWithEscapes()
    {
        await using var client = await _simulation.ConnectAsync();
        await client.SubscribeAsync("btcusdt@trade");
        await _simulation.FaultAsync("""{"id":"F54"}""");
        Advance(3);
        var text = await client.ReadTextAsync();

        Assert.Contains("\"s\":\"\\u0042TCUSDT\"", text, StringComparison.Ordinal);
        Assert.Equal("BTCUSDT", Text(JsonDocument.Parse(text).RootElement, "s"));
    }

    [Fact]
    public async Task F66_SendsMegabytesInFragments()
    {
        await using var client = await _simulation.ConnectAsync();
        await _simulation.FaultAsync("""{"id":"F66","parameters":{"bytes":2000000}}""");
        var message = new List<byte>();
        while (message.Count < 2_000_000)
        {
            var (opcode, payload) = await client.ReadFrameAsync();
            Assert.Equal(message.Count == 0 ? 1 : 0, opcode);
            Assert.InRange(payload.Length, 1, 16 * 1024);
            message.AddRange(payload);
        }

        Assert.Equal("hugeSnapshot", Text(JsonDocument.Parse(message.ToArray()).RootElement, "e"));
        Assert.Equal("""{"result":[],"id":1}""", await client.AskAsync(List));
    }

    [Fact]
    public async Task F68_ShiftsTheTimeOfSending_AndNotThatOfTrades()
    {
        await using var client = await _simulation.ConnectAsync();
        await client.SubscribeAsync("btcusdt@trade");
        await _simulation.FaultAsync("""{"id":"F68","parameters":{"milliseconds":-5000}}""");
        Advance(5);

        Assert.All(await ReadAsync(client), trade => Assert.InRange(
            trade.GetProperty("E").GetInt64() - trade.GetProperty("T").GetInt64(), -5000, -4900));
    }

    [Fact]
    public async Task F68_ShiftsTheServerTimeByRest()
    {
        using var http = new HttpClient { BaseAddress = _simulation.Host.BinanceSpotUri };
        async Task<long> ReadAsync() => (await http.GetFromJsonAsync<JsonElement>("/api/v3/time")).GetProperty("serverTime").GetInt64();
        var before = await ReadAsync();
        await _simulation.FaultAsync("""{"id":"F68","parameters":{"milliseconds":3000}}""");

        Assert.Equal(before + 3000, await ReadAsync());
    }

    private static void Continues((JsonElement First, JsonElement Second) pair) =>
        Assert.Equal(pair.First.GetProperty("u").GetInt64() + 1, pair.Second.GetProperty("U").GetInt64());

    private static SortedDictionary<string, string> Levels(IEnumerable<JsonElement> updates)
    {
        var levels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var update in updates)
        {
            foreach (var side in new[] { "b", "a" })
            {
                foreach (var level in update.GetProperty(side).EnumerateArray())
                {
                    levels[side + level[0].GetString()] = level[1].GetString()!;
                }
            }
        }

        return levels;
    }

    private static IEnumerable<long> Steps(List<JsonElement> frames, string key)
    {
        var ids = frames.Where(frame => frame.TryGetProperty(key, out var id) && id.ValueKind == JsonValueKind.Number)
            .Select(frame => frame.GetProperty(key).GetInt64()).ToList();
        return ids.Zip(ids.Skip(1)).Select(pair => pair.Second - pair.First).Where(step => step != 1);
    }

    private static bool IsTrade(JsonElement frame) => frame.TryGetProperty("e", out var kind) && kind.GetString() == "trade";

    private static string? Text(JsonElement element, string key) => element.GetProperty(key).GetString();

    private void Advance(int seconds) => _simulation.Clock.Advance(TimeSpan.FromSeconds(seconds));

    private async Task EndAsync(int handle)
    {
        using var answer = await _simulation.Control.DeleteAsync(new Uri($"/faults/{handle}", UriKind.Relative));
        Assert.True(answer.IsSuccessStatusCode);
    }

    /// <summary>All text up to now: what is asked for last is answered last.</summary>
    private static async Task<List<JsonElement>> ReadAsync(RawClient client)
    {
        var frames = new List<JsonElement>();
        await client.SendAsync("""{"method":"GET_PROPERTY","params":["combined"],"id":"end"}""");
        while (await client.ReadTextAsync() is var text && !text.EndsWith(",\"id\":\"end\"}", StringComparison.Ordinal))
        {
            frames.Add(JsonDocument.Parse(text).RootElement);
        }

        return frames;
    }
}
