using System.Globalization;
using System.Text.Json;
using Pipeline.Gateway.Tests.Hub;
using Pipeline.Gateway.WebSockets;
using Pipeline.Gateway.WebSockets.Requests;

namespace Pipeline.Gateway.Tests.WebSockets;

public sealed class DocumentTests
{
    private const string Btc = "binance:BTC-USDT";
    private readonly AsyncApiDocument _document = AsyncApiDocument.Read();

    [Fact]
    public void Examples_OfRequestsGetTheAnswerTheyName()
    {
        var hub = HubWithEverything();
        var client = hub.Connect();
        var requests = 0;
        foreach (var (message, answer, payload) in _document.Examples().Where(example => example.Answer is not null))
        {
            Assert.Empty(_document.Validate(message, payload).Where(_ => answer != "error"));
            var before = client.Texts.Count;
            var got = client.Send(payload);
            Assert.True(AsyncApiDocument.MessageOf(got.GetProperty("type").GetString()!) == answer, $"{payload} → {got}");
            Assert.Equal(JsonDocument.Parse(payload).RootElement.GetProperty("id").GetRawText(), got.GetProperty("id").GetRawText());
            AssertDescribed(client.Texts.Skip(before));
            requests++;
        }

        Assert.Equal(11, requests);
    }

    [Fact]
    public void Examples_OfAnswersHaveTheFieldsOfTheWire()
    {
        foreach (var (message, answer, payload) in _document.Examples().Where(example => example.Answer is null))
        {
            Assert.Null(answer);
            Assert.Empty(_document.Validate(message, payload));
            var type = JsonDocument.Parse(payload).RootElement.GetProperty("type").GetString()!;
            Assert.Equal(message, AsyncApiDocument.MessageOf(type));
        }
    }

    [Fact]
    public void Wire_EveryMessageOfASessionIsAsDescribed()
    {
        var hub = HubWithEverything();
        var client = hub.Connect();
        client.Subscribe();
        client.Send("""{"op":"list"}""");
        client.Send("""{"op":"getStats"}""");
        client.Send("""{"op":"ping"}""");
        client.Send("{}");
        hub.Log.Trade(Btc, 9);
        hub.Log.Candle(Btc, "1m", 60_000_000, "final");
        hub.Read();
        hub.Replace(new MemoryLog("log-2"));
        hub.Start();

        AssertDescribed(client.Texts);
        Assert.Equal(
            ["ack", "data", "epoch", "error", "list", "pong", "stats"],
            client.Messages.Select(one => one.GetProperty("type").GetString()).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Readme_HoldsTheTableOfCloseCodesAndTheErrorCodes()
    {
        var readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Documents", "README.md"));
        foreach (var code in CloseCodes.All)
        {
            var retry = code.RetryAfterMs < 0 ? "no" : code.RetryAfterMs.ToString(CultureInfo.InvariantCulture);
            Assert.Contains($"| {code.Code} | `{code.Name}` | {code.Text} | {retry} | {code.Advice} |", readme, StringComparison.Ordinal);
        }

        Assert.All(ErrorCodes.All, code => Assert.Contains($"| `{code}` |", readme, StringComparison.Ordinal));
        Assert.Equal(ErrorCodes.All, _document.ErrorCodes());
    }

    private static StillHub HubWithEverything()
    {
        var hub = new StillHub();
        hub.Log.Instrument("binance", "BTC-USDT", "BTCUSDT");
        hub.Log.Trade(Btc, 1);
        hub.Log.Quote(Btc, 1);
        hub.Log.Book(Btc, 1, "snapshot");
        hub.Log.Write(Pipeline.Gateway.Hub.TopicKind.Tickers, Btc, Btc, """{"last":"1"}""");
        hub.Log.Candle(Btc, "1m", 0, "final");
        hub.Log.Candle(Btc, "1m", 60_000_000, "forming");
        hub.Log.Gap(Btc, 1, "open");
        hub.Log.Health(Btc, "trade", "fresh");
        return hub.Start();
    }

    private void AssertDescribed(IEnumerable<string> messages)
    {
        foreach (var message in messages)
        {
            var type = JsonDocument.Parse(message).RootElement.GetProperty("type").GetString()!;
            var wrong = _document.Validate(AsyncApiDocument.MessageOf(type), message);
            Assert.True(wrong.Count == 0, $"{message}: {string.Join("; ", wrong)}");
        }
    }
}
