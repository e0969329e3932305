using System.Text.Json;

namespace Pipeline.Tests.Simulator.Faults;

/// <summary>Faults of connections and requests as clients of futures, OKX and Bybit see them, switched on at the control port.</summary>
public sealed class DialectRequestFaultTests : IAsyncLifetime
{
    private static readonly Uri AnyPort = new("http://127.0.0.1:0");
    private Simulation _simulation = null!;

    public async Task InitializeAsync() => _simulation = await Simulation.StartAsync(Simulation.Options with
    {
        BinanceFuturesListen = AnyPort,
        OkxListen = AnyPort,
        BybitListen = AnyPort,
        TradesPerSecond = 20,
        QuotesPerSecond = 50,
    });

    public async Task DisposeAsync() => await _simulation.DisposeAsync();

    [Fact]
    public async Task F09_OnFutures_AnnouncesInTheEnvelopeAndClosesLater()
    {
        var wire = VenueWire.Of("binance-futures");
        await using var client = await wire.ConnectAsync(_simulation);
        await client.ReadAsync();
        await FaultAsync("F09", ",\"parameters\":{\"closeAfter\":\"10s\"}");
        var frame = Assert.Single(await client.ReadAsync());
        Advance(11);

        Assert.Equal(("!serverShutdown", "serverShutdown"), (frame.Text("stream"), frame.GetProperty("data").Text("e")));
        Assert.Equal("1001 Server shutdown", await client.Raw.ReadCloseAsync());
    }

    [Fact]
    public async Task F10_OnOkx_GivesTheNoticeWithTheConnectionsNameAndDropsTcp()
    {
        var wire = VenueWire.Of("okx");
        await using var client = await wire.ConnectAsync(_simulation);
        var ack = Assert.Single(await client.AskAsync(wire.Subscribe(wire.Trades)));
        await FaultAsync("F10", ",\"parameters\":{\"closeAfter\":\"5s\"}");
        var notice = Assert.Single(await client.ReadAsync());
        Advance(6);

        Assert.Equal("event code msg connId", notice.Members());
        Assert.Equal(("notice", "64008", ack.Text("connId")), (notice.Text("event"), notice.Text("code"), notice.Text("connId")));
        Assert.Equal("The connection will soon be closed for a service upgrade. Please reconnect.", notice.Text("msg"));
        while (!await client.Raw.EndsAsync())
        {
        }
    }

    [Fact]
    public async Task F11_OnOkx_SaysNothingAndCloses4004()
    {
        var wire = VenueWire.Of("okx");
        await using var client = await wire.ConnectAsync(_simulation);
        await client.AskAsync(wire.Subscribe(wire.Trades));
        await FaultAsync("F11");
        await client.Raw.SendAsync("ping");
        Advance(31);
        var (opcode, payload) = await client.Raw.ReadFrameAsync();

        Assert.Equal((8, 4004), (opcode, (payload[0] << 8) | payload[1]));
    }

    [Theory]
    [InlineData("okx")]
    [InlineData("bybit")]
    public async Task F12_LeavesAPingWithoutAnAnswer_WhileDataFlows(string venue)
    {
        var wire = VenueWire.Of(venue);
        await using var client = await wire.ConnectAsync(_simulation);
        await client.AskAsync(wire.Subscribe(wire.Trades));
        await FaultAsync("F12", ",\"count\":1");
        await client.Raw.SendAsync(venue == "okx" ? "ping" : """{"op":"ping"}""");
        await _simulation.UntilAsync("/faults", list => list.GetProperty("ended").GetArrayLength() == 1);
        Advance(2);

        // Had it been answered, the answer would come before all data.
        Assert.NotEmpty(VenueWire.Of(await client.ReadAsync(), wire.Trades));
    }

    [Theory]
    [InlineData("okx")]
    [InlineData("bybit")]
    public async Task F12_StopsData_WhilePingsAreAnswered(string venue)
    {
        var wire = VenueWire.Of(venue);
        await using var client = await wire.ConnectAsync(_simulation);
        await client.AskAsync(wire.Subscribe(wire.Trades));
        await FaultAsync("F12", ",\"parameters\":{\"mute\":\"data\"}");
        Advance(3);

        Assert.Empty(await client.ReadAsync());
    }

    [Theory]
    [InlineData("binance-futures")]
    [InlineData("okx")]
    [InlineData("bybit")]
    public async Task F22_SwallowsOneSubscription(string venue)
    {
        var wire = VenueWire.Of(venue);
        await using var client = await wire.ConnectAsync(_simulation);
        await client.ReadAsync();
        await FaultAsync("F22");

        await client.Raw.SendAsync(wire.Subscribe(wire.Trades));
        await _simulation.UntilAsync("/faults", list => list.GetProperty("ended").GetArrayLength() == 1);
        Advance(1);
        Assert.Empty(await client.ReadAsync());
        Assert.NotEmpty(await client.AskAsync(wire.Subscribe(wire.Trades)));
    }

    [Theory]
    [InlineData("binance-futures")]
    [InlineData("okx")]
    [InlineData("bybit")]
    public async Task F24_SendsDataBeforeTheAck(string venue)
    {
        var wire = VenueWire.Of(venue);
        await using var client = await wire.ConnectAsync(_simulation);
        await client.ReadAsync();
        await FaultAsync("F24");
        var frames = await client.AskAsync(wire.Subscribe(wire.Trades));
        Advance(2);
        frames.AddRange(await client.ReadAsync());

        Assert.Equal(wire.Trades, VenueWire.StreamOf(frames[0]));
        Assert.Null(VenueWire.StreamOf(frames[1]));
        Assert.All(frames.Skip(2), frame => Assert.Equal(wire.Trades, VenueWire.StreamOf(frame)));
    }

    [Fact]
    public async Task F28_OnOkx_RefusesTheLastArgAndCarriesOutTheOther()
    {
        var wire = VenueWire.Of("okx");
        await using var client = await wire.ConnectAsync(_simulation);
        await FaultAsync("F28");
        var answers = await client.AskAsync(wire.Subscribe(wire.Trades, wire.Book));

        Assert.Equal(["error", "subscribe"], answers.Select(answer => answer.Text("event")));
        Assert.Equal(("60018", answers[1].Text("connId")), (answers[0].Text("code"), answers[0].Text("connId")));
        Assert.Contains("channel:books,instId:BTC-USDT doesn't exist", answers[0].Text("msg"), StringComparison.Ordinal);
        Assert.Equal([wire.Trades], (await _simulation.GetAsync("/connections"))[0].GetProperty("streams").EnumerateArray().Select(name => name.GetString()!));
    }

    [Fact]
    public async Task F29_OnOkx_IsTooFrequentOnceAndTheConnectionStays()
    {
        var wire = VenueWire.Of("okx");
        await using var client = await wire.ConnectAsync(_simulation);
        await FaultAsync("F29", ",\"count\":1");
        var refused = Assert.Single(await client.AskAsync("""{"id":"a7","op":"subscribe","args":[{"channel":"trades","instId":"BTC-USDT"}]}"""));

        Assert.Equal(("60014", "a7"), (refused.Text("code"), refused.Text("id")));
        Assert.True(Assert.Single(await client.AskAsync(wire.Subscribe(wire.Trades))).IsEvent("subscribe"));
    }

    [Theory]
    [InlineData("binance-futures")]
    [InlineData("okx")]
    [InlineData("bybit")]
    public async Task F34_GoesOnAfterTheUnsubscription(string venue)
    {
        var wire = VenueWire.Of(venue);
        await using var client = await wire.ConnectAsync(_simulation);
        await FaultAsync("F34");
        await client.AskAsync(wire.Subscribe(wire.Trades));
        Advance(2);
        await client.AskAsync(wire.Unsubscribe(wire.Trades));
        Advance(3);
        var late = VenueWire.Of(await client.ReadAsync(), wire.Trades);
        Advance(3);

        Assert.NotEmpty(late);
        Assert.Empty(await client.ReadAsync());
    }

    [Theory]
    [InlineData("binance-futures")]
    [InlineData("okx")]
    [InlineData("bybit")]
    public async Task F07_IsSilentAndThenCutsTcp(string venue)
    {
        var wire = VenueWire.Of(venue);
        await using var client = await wire.ConnectAsync(_simulation);
        await client.AskAsync(wire.Subscribe(wire.Trades));
        await FaultAsync("F07", $",\"venue\":\"{venue}\",\"parameters\":{{\"deadFor\":\"5s\"}}");
        Advance(6);

        Assert.True(await client.Raw.EndsAsync());
    }

    private Task<int> FaultAsync(string id, string more = "") => _simulation.FaultAsync($$"""{"id":"{{id}}"{{more}}}""");

    private void Advance(double seconds) => _simulation.Clock.Advance(TimeSpan.FromSeconds(seconds));
}
