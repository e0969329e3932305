using System.Text.Json;
using Pipeline.Simulator.World;

namespace Pipeline.Tests.Simulator.Faults;

/// <summary>Faults that only OKX has shown, on a venue that has no more of OKX than they need.</summary>
public sealed class OkxFaultTests : IAsyncLifetime
{
    private const string Subscribe =
        """{"id":"5","op":"subscribe","args":[{"channel":"books","instId":"BTC-USDT"},{"channel":"trades","instId":"NO-SUCH"}]}""";

    private ScriptedVenue _venue = null!;
    private RawClient _client = null!;

    public async Task InitializeAsync()
    {
        _venue = await ScriptedVenue.StartAsync(SimulatedVenue.Okx);
        _client = await _venue.ConnectAsync();
    }

    public async Task DisposeAsync()
    {
        await _client.DisposeAsync();
        await _venue.DisposeAsync();
    }

    [Fact]
    public async Task F10_GivesNoticeAndDropsTcpLater()
    {
        _venue.Fault("""{"id":"F10","parameters":{"closeAfter":"60s"}}""");
        var notice = JsonDocument.Parse(await _client.ReadTextAsync()).RootElement;
        Assert.Equal(("notice", "64008"), (notice.GetProperty("event").GetString(), notice.GetProperty("code").GetString()));
        Assert.Equal("pong", await _client.AskAsync("ping"));
        _venue.Clock.Advance(TimeSpan.FromSeconds(61));

        await Assert.ThrowsAsync<IOException>(_client.ReadFrameAsync);
    }

    [Fact]
    public async Task F11_AnswersNothingAndCloses4004()
    {
        _venue.Fault("""{"id":"F11"}""");
        await _client.SendAsync("ping");
        _venue.Publish("trades:BTC-USDT", "{}");
        _venue.Clock.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal((8, "4004 No data received in 30s"), await FirstAsync());
    }

    [Theory]
    [InlineData("pong", "{}")]
    [InlineData("data", "pong")]
    public async Task F12_MutesOneOfTheTwo(string mute, string first)
    {
        _venue.Fault($$$"""{"id":"F12","parameters":{"mute":"{{{mute}}}"}}""");
        _venue.Publish("trades:BTC-USDT", mute == "data" ? "{}" : "{\"early\":1}");
        await _client.SendAsync("ping");
        if (mute == "pong")
        {
            Assert.Equal("{\"early\":1}", await _client.ReadTextAsync());
            while (_venue.Board.Active[0].Struck == 0)
            {
                await Task.Yield();
            }

            _venue.Publish("trades:BTC-USDT", "{}");
        }

        Assert.Equal(first, await _client.ReadTextAsync());
    }

    [Fact]
    public async Task F28_RefusesOneArg_AndCarriesOutTheOther()
    {
        _venue.Fault("""{"id":"F28"}""");
        var error = JsonDocument.Parse(await _client.AskAsync(Subscribe)).RootElement;

        Assert.Equal(("60018", "5"), (error.GetProperty("code").GetString(), error.GetProperty("id").GetString()));
        Assert.Contains("channel:trades,instId:NO-SUCH doesn't exist", error.GetProperty("msg").GetString(), StringComparison.Ordinal);
        Assert.Equal("ack subscribe books:BTC-USDT", await _client.ReadTextAsync());
    }

    [Fact]
    public async Task F29_SaysTooFrequent_AndStays()
    {
        _venue.Fault("""{"id":"F29","count":1}""");

        Assert.Contains("\"60014\"", await _client.AskAsync(Subscribe), StringComparison.Ordinal);
        Assert.Equal("ack subscribe books:BTC-USDT", await _client.AskAsync(Subscribe));
    }

    [Fact]
    public async Task F33_SendsOldUpdatesOnceMoreAfterTheUnsubscription()
    {
        await _client.AskAsync("""{"op":"subscribe","args":[{"channel":"books","instId":"BTC-USDT"}]}""");
        _venue.Fault("""{"id":"F33","parameters":{"updates":2}}""");
        for (var i = 1; i <= 3; i++)
        {
            _venue.Publish("books:BTC-USDT", $"update {i}");
            await _client.ReadTextAsync();
        }

        await _client.SendAsync("""{"op":"unsubscribe","args":[{"channel":"books","instId":"BTC-USDT"}]}""");

        Assert.Equal("ack unsubscribe books:BTC-USDT", await _client.ReadTextAsync());
        Assert.Equal("update 2", await _client.ReadTextAsync());
        Assert.Equal("update 3", await _client.ReadTextAsync());
    }

    [Fact]
    public async Task F57_LeavesOutAnUpdate()
    {
        _venue.Fault("""{"id":"F57","symbol":"BTC-USDT"}""");
        PublishBook(10, 12);
        PublishBook(12, 20);

        Assert.Equal([(12, 20)], await BookAsync(1));
    }

    [Fact]
    public async Task F59_RenamesRows_AndNotTheirArg()
    {
        _venue.Fault("""{"id":"F59","parameters":{"to":"NEW-USDT"}}""");
        _venue.Publish(
            "trades:BTC-USDT", """{"arg":{"channel":"trades","instId":"BTC-USDT"},"data":[{"instId":"BTC-USDT","px":"1.10"}]}""");

        Assert.Equal(
            """{"arg":{"channel":"trades","instId":"BTC-USDT"},"data":[{"instId":"NEW-USDT","px":"1.10"}]}""", await _client.ReadTextAsync());
    }

    [Fact]
    public async Task F60_SendsAnotherMarkPriceOfTheSameTimeFirst()
    {
        const string mark = """{"arg":{"channel":"mark-price"},"data":[{"instId":"BTC-USDT-SWAP","markPx":"91234.6","ts":"1794900000123"}]}""";
        _venue.Fault("""{"id":"F60"}""");
        _venue.Publish("mark-price:BTC-USDT-SWAP", mark);

        Assert.Equal(mark.Replace("91234.6", "91234.0", StringComparison.Ordinal), await _client.ReadTextAsync());
        Assert.Equal(mark, await _client.ReadTextAsync());
    }

    private void PublishBook(long previous, long id) => _venue.Publish(
        "books:BTC-USDT",
        $$$"""{"arg":{"channel":"books","instId":"BTC-USDT"},"action":"update","data":[{"prevSeqId":{{{previous}}},"seqId":{{{id}}}}]}""");

    private async Task<List<(long, long)>> BookAsync(int count)
    {
        var ids = new List<(long, long)>();
        while (ids.Count < count)
        {
            var row = JsonDocument.Parse(await _client.ReadTextAsync()).RootElement.GetProperty("data")[0];
            ids.Add((row.GetProperty("prevSeqId").GetInt64(), row.GetProperty("seqId").GetInt64()));
        }

        return ids;
    }

    private async Task<(int Opcode, string Close)> FirstAsync()
    {
        var (opcode, payload) = await _client.ReadFrameAsync();
        return (opcode, $"{(payload[0] << 8) | payload[1]} {System.Text.Encoding.UTF8.GetString(payload[2..])}");
    }
}
