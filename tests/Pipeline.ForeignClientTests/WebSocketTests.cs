using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Tests.Hosting;
using Pipeline.Gateway.Tests.WebSockets;
using Pipeline.Gateway.WebSockets;
using Pipeline.Gateway.WebSockets.Requests;

namespace Pipeline.ForeignClientTests;

/// <summary>
/// npm's <c>ws</c> and the WebSocket of a browser, with no library of ours between: every operation of <c>/ws</c> on the gateway itself, over a
/// log in memory. All they say and see is as <c>asyncapi.yaml</c> describes it.
/// </summary>
public sealed class WebSocketTests
{
    private const string Btc = "binance:BTC-USDT";
    private const string Eth = "binance:ETH-USDT";
    private const int LongMessage = 4000;

    // Requests of the document, which are made first.
    private const int Examples = 11;

    private readonly AsyncApiDocument _document = AsyncApiDocument.Read();

    [Theory]
    [InlineData("ws.js", "deflate")]
    [InlineData("ws.js", "plain")]
    [InlineData("ws-browser.js", "deflate")]
    public async Task Stranger_UsesEveryOperation_GetsWhatIsDescribed(string script, string mode)
    {
        var began = RunningGateway.Now;
        await using var gateway = await RunningGateway.StartAsync();
        AddInstruments(gateway);
        await RunningGateway.UntilAsync(() => gateway.Host.Hub.Counts.Records == 4);
        var examples = JsonSerializer.Serialize(_document.Examples().Where(one => one.Answer is not null).Select(one => one.Payload));

        var told = await Browser.ConverseAsync(script, what => BringAboutAsync(gateway, what), gateway.Address.ToString(), examples, mode);

        var seen = told.GetProperty("connections").EnumerateArray().Select(MessagesOf).ToList();
        var requests = told.GetProperty("requests").EnumerateArray()
            .Select(one => new Request(one.GetProperty("text").GetString()!, JsonNode.Parse(one.GetProperty("answer").GetRawText())!)).ToList();
        AssertDescribed(requests, seen.SelectMany(messages => messages));
        AssertExamples(requests);
        AssertAnswers(requests, began);
        AssertFirst(seen[1]);
        AssertSecond(seen[2], told.GetProperty("position").GetInt64());
        AssertEnds(told.GetProperty("connections"));
        AssertCompression(told, mode == "deflate");
    }

    /// <summary>Every message fits the schema of its name, but for those that are refused for that; and every message of the document occurs.</summary>
    private void AssertDescribed(IReadOnlyList<Request> requests, IEnumerable<JsonNode> seen)
    {
        var names = _document.Examples().ToLookup(one => one.Answer is not null, one => one.Message);
        var said = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (text, answer) in requests)
        {
            switch ((string?)answer["code"])
            {
                case ErrorCodes.InvalidJson or ErrorCodes.UnknownOp:
                    break;
                case ErrorCodes.InvalidRequest or ErrorCodes.InvalidResume:
                    Assert.NotEmpty(_document.Validate(OpOf(text), text));
                    break;
                default:
                    Assert.True(_document.Validate(OpOf(text), text) is [], $"{text}: {string.Join("; ", _document.Validate(OpOf(text), text))}");
                    said.Add(OpOf(text));
                    break;
            }
        }

        var types = new HashSet<string>(StringComparer.Ordinal);
        foreach (var message in seen)
        {
            var name = AsyncApiDocument.MessageOf((string)message["type"]!);
            var wrong = _document.Validate(name, message.ToJsonString());
            Assert.True(wrong.Count == 0, $"{message.ToJsonString()}: {string.Join("; ", wrong)}");
            types.Add(name);
        }

        Assert.Equal(names[true].Distinct().Order(StringComparer.Ordinal), said.Order(StringComparer.Ordinal));
        Assert.Equal(names[false].Distinct().Order(StringComparer.Ordinal), types.Order(StringComparer.Ordinal));
    }

    /// <summary>Each example of a request got the answer that it names.</summary>
    private void AssertExamples(IReadOnlyList<Request> requests)
    {
        var examples = _document.Examples().Where(one => one.Answer is not null).ToList();
        Assert.Equal(Examples, examples.Count);
        foreach (var ((_, answer, payload), request) in examples.Zip(requests))
        {
            Assert.Equal(payload, request.Text);
            Assert.True(AsyncApiDocument.MessageOf((string)request.Answer["type"]!) == answer, $"{payload} → {request.Answer.ToJsonString()}");
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(payload)!["id"], request.Answer["id"]), $"{payload} → {request.Answer.ToJsonString()}");
        }
    }

    private static void AssertAnswers(IReadOnlyList<Request> requests, long began)
    {
        JsonNode Of(string? id) => Assert.Single(requests.Skip(Examples), one => one.Answer["id"]?.ToString() == id).Answer;
        void Is(string json) => Assert.Equal(json, Of(JsonNode.Parse(json)!["id"]!.ToString()).ToJsonString());

        Is("""{"type":"ack","id":"s1","filterId":"btc","streams":1}""");
        Is("""{"type":"ack","id":"s2","filterId":"eth","streams":1,"unknown":[1]}""");
        Is("""{"type":"ack","id":3,"filterId":"health","streams":1}""");
        Is("""{"type":"ack","id":"u1","filterId":"eth","streams":2}""");
        Is("""{"type":"ack","id":"r1","filterId":"btc","streams":1,"recovered":true,"notRecovered":[]}""");
        Is("""{"type":"ack","id":"r2","filterId":"eth","streams":1,"recovered":false,"notRecovered":["binance:ETH-USDT:trade"]}""");
        Is("""{"type":"ack","id":"u2","streams":0}""");

        Assert.Equal(
            ["btc: binance:BTC-USDT:trade", "eth: binance:ETH-USDT:trade", "health: binance:BTC-USDT:health"],
            Of("l1")["filters"]!.AsArray().Select(one => $"{one!["filterId"]}: {string.Join(' ', one["names"]!.AsArray())}").Order(StringComparer.Ordinal));
        Assert.All(new[] { Of("5"), Of("p2") }, pong =>
            Assert.InRange((long)pong["serverTime"]!, began, RunningGateway.Now));
        Assert.Equal((3, 3, 6, 0), (Count("filters"), Count("streams"), Count("messagesReceived"), Count("errors")));
        Assert.Equal(
            [ErrorCodes.UnknownOp, ErrorCodes.InvalidFilter, ErrorCodes.InvalidRequest, ErrorCodes.InvalidResume, ErrorCodes.UnknownFilter, ErrorCodes.InvalidJson],
            new[] { Of("e1"), Of("e2"), Of("e3"), Of("e4"), Of("e5"), Of(null) }.Select(error => (string)error["code"]!));

        int Count(string name) => (int)Of("g1")[name]!;
    }

    /// <summary>Until the cut: both instruments, and one of them no more once its filter is given up.</summary>
    private static void AssertFirst(List<JsonNode> messages)
    {
        var trades = DataOf(messages, Btc);
        Assert.Equal(Enumerable.Range(1, 20), trades.Select(IdOf));
        Assert.Equal(new string('x', LongMessage), (string)trades[10]["data"]!["pad"]!);
        AssertChained(trades);
        Assert.Equal(Enumerable.Range(1, 10), DataOf(messages, Eth).Select(IdOf));
    }

    /// <summary>Resumed without a seam where it could be, from a snapshot where not; then another log; then nothing, as nothing is subscribed to.</summary>
    private static void AssertSecond(List<JsonNode> messages, long position)
    {
        var replaced = messages.FindIndex(one => (string)one["type"]! == "epoch");
        Assert.Equal("""{"type":"epoch","epoch":"log-2","recovered":false}""", messages[replaced].ToJsonString());
        Assert.All(messages.Take(replaced).Where(IsData), one => Assert.Equal("log-1", (string)one["epoch"]!));
        Assert.All(messages.Skip(replaced).Where(IsData), one => Assert.Equal("log-2", (string)one["epoch"]!));

        var resumed = DataOf(messages.Take(replaced), Btc);
        Assert.Equal(Enumerable.Range(21, 10), resumed.Select(IdOf));
        Assert.All(resumed, one => Assert.False((bool)one["snapshot"]!));
        Assert.Equal(position, (long)resumed[0]["prev"]!);
        AssertChained(resumed);
        Assert.True((bool)DataOf(messages.Take(replaced), Eth)[0]["snapshot"]!);

        foreach (var instrument in new[] { Btc, Eth })
        {
            var ids = DataOf(messages.Skip(replaced), instrument).Select(IdOf).ToList();
            Assert.Equal(Enumerable.Range(ids[0], 110 - ids[0] + 1), ids);
            Assert.InRange(ids[0], 101, 110);
        }
    }

    private static void AssertEnds(JsonElement connections)
    {
        var ends = connections.EnumerateArray().Select(one => one.GetProperty("closed")).ToList();
        Assert.Equal([1000, CloseCodes.MemoryShed.Code, 1000], ends.Select(end => end.GetProperty("code").GetInt32()));
        Assert.Equal("MEMORY retryAfterMs=100 reconnect=yes", ends[1].GetProperty("reason").GetString());
        Assert.All(ends, end => Assert.True(end.GetProperty("wasClean").GetBoolean()));
    }

    /// <summary>What was agreed on, and that it was done: all that was read is one and the same text.</summary>
    private static void AssertCompression(JsonElement told, bool isOffered)
    {
        var connections = told.GetProperty("connections").EnumerateArray().ToList();
        var isSmaller = told.GetProperty("bytesSent").GetInt64() < told.GetProperty("charactersSeen").GetInt64();
        Assert.All(connections, one => Assert.Equal(isOffered, one.GetProperty("extensions").GetString()!.StartsWith("permessage-deflate", StringComparison.Ordinal)));
        Assert.True(isSmaller || !isOffered, "The gateway says that it sent as much as there was to read.");
        if (told.TryGetProperty("bytesRead", out var bytes))
        {
            Assert.Equal(isOffered, bytes.GetInt64() < connections.Sum(one => one.GetProperty("seen").EnumerateArray().Sum(text => text.GetString()!.Length)));
        }
    }

    private static async Task BringAboutAsync(RunningGateway gateway, string what)
    {
        var words = what.Split(' ');
        var last = int.Parse(words[^1], CultureInfo.InvariantCulture);
        var before = gateway.Host.Hub.Counts.Records;
        var added = 0;
        switch (words[0])
        {
            case "trades":
                added = AddTrades(gateway, int.Parse(words[1], CultureInfo.InvariantCulture), last);
                break;
            case "long":
                gateway.Source.AddTrade(last, RunningGateway.Now, LongMessage);
                added = 1;
                break;
            case "cut":
                gateway.Host.Links.CloseAll(CloseCodes.MemoryShed.Code, "MEMORY retryAfterMs=100 reconnect=yes");
                added = AddTrades(gateway, 21, last);
                break;
            case "log":
                gateway.Source.Begin("log-2");
                AddInstruments(gateway);
                added = 4 + AddTrades(gateway, int.Parse(words[1], CultureInfo.InvariantCulture), last);
                break;
        }

        await RunningGateway.UntilAsync(() => gateway.Host.Hub.Counts.Records == before + added);
    }

    private static int AddTrades(RunningGateway gateway, int first, int last)
    {
        for (var id = first; id <= last; id++)
        {
            gateway.Source.AddTrade(id, RunningGateway.Now);
            gateway.Source.Add(
                TopicKind.Trades,
                Eth,
                $$"""{"venue":"binance","instrument":"ETH-USDT","symbol":"ETHUSDT","id":{{id}},"price":"3120.4","quantity":"1.5","side":"buy","eventTime":{{id}},"receivedTime":{{id}},"source":"live"}""",
                RunningGateway.Now);
        }

        return 2 * (last - first + 1);
    }

    private static void AddInstruments(RunningGateway gateway)
    {
        gateway.Source.AddInstrument("binance", "BTC-USDT", "BTCUSDT");
        gateway.Source.AddInstrument("binance", "ETH-USDT", "ETHUSDT");
        gateway.Source.AddHealth($"{Btc}:trade", "fresh", "first-data", RunningGateway.Now);
        gateway.Source.AddHealth($"{Eth}:trade", "fresh", "first-data", RunningGateway.Now);
    }

    /// <summary>Each names the one before it.</summary>
    private static void AssertChained(IReadOnlyList<JsonNode> trades) =>
        Assert.Equal(trades.SkipLast(1).Select(one => (long)one["seq"]!), trades.Skip(1).Select(one => (long)one["prev"]!));

    private static List<JsonNode> MessagesOf(JsonElement connection) =>
        [.. connection.GetProperty("seen").EnumerateArray().Select(text => JsonNode.Parse(text.GetString()!)!)];

    private static List<JsonNode> DataOf(IEnumerable<JsonNode> messages, string instrument) =>
        [.. messages.Where(one => IsData(one) && (string)one["stream"]! == $"{instrument}:trade")];

    private static bool IsData(JsonNode message) => (string)message["type"]! == "data";

    private static int IdOf(JsonNode message) => (int)message["data"]!["id"]!;

    private static string OpOf(string text) => (string)JsonNode.Parse(text)!["op"]!;

    private sealed record Request(string Text, JsonNode Answer);
}
