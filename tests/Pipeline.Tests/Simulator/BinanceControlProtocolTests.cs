namespace Pipeline.Tests.Simulator;

public sealed class BinanceControlProtocolTests : IAsyncLifetime
{
    private Simulation _simulation = null!;

    public async Task InitializeAsync() => _simulation = await Simulation.StartAsync();

    public async Task DisposeAsync() => await _simulation.DisposeAsync();

    [Theory]
    [InlineData("""{"method":"SUBSCRIBE","params":["btcusdt@trade"],"id":1}""", """{"result":null,"id":1}""")]
    [InlineData("""{"method":"SUBSCRIBE","params":["nosuch@trade","BTCUSDT@trade","a@b"],"id":-9}""", """{"result":null,"id":-9}""")]
    [InlineData("""{"id":"abc-123","method":"SUBSCRIBE","params":["币安人生usdt@trade"]}""", """{"result":null,"id":"abc-123"}""")]
    [InlineData("""{"method":"UNSUBSCRIBE","params":["never@trade"],"id":null}""", """{"result":null,"id":null}""")]
    [InlineData("""{"method":"LIST_SUBSCRIPTIONS","id":3}""", """{"result":[],"id":3}""")]
    [InlineData("""{"method":"GET_PROPERTY","params":["combined"],"id":2}""", """{"result":false,"id":2}""")]
    [InlineData("""{"method":"GET_PROPERTY","params":["colour"],"id":2}""", """{"error":{"code":0,"msg":"Unknown property"},"id":2}""")]
    public async Task Request_WithId_IsAnsweredWithIt(string request, string answer)
    {
        await using var client = await _simulation.ConnectAsync();

        Assert.Equal(answer, await client.AskAsync(request));
    }

    [Theory]
    [InlineData("""{"method":"SET_PROPERTY","params":["combined",1],"id":2}""", 1, "Invalid value type: expected Boolean")]
    [InlineData("""{"method":"SET_PROPERTY","params":[true],"id":2}""", 2, "Invalid request: property name must be a string")]
    [InlineData("""{"method":"GET_PROPERTY","params":["combined",1],"id":2}""", 2, "Invalid request: too many parameters")]
    [InlineData("""{"method":"LIST_SUBSCRIPTIONS"}""", 2, "Invalid request: request ID must be an unsigned integer")]
    [InlineData("""{"method":"LIST_SUBSCRIPTIONS","id":1.5}""", 2, "Invalid request: request ID must be an unsigned integer")]
    [InlineData("""{"method":"LIST_SUBSCRIPTIONS","id":"a b"}""", 2, "Invalid request: request ID must be an unsigned integer")]
    [InlineData("""{"method":"SUBSCRIBE","id":1}""", 2, "Invalid request: missing field `params`")]
    [InlineData("""{"params":["a@trade"],"id":1}""", 2, "Invalid request: missing field `method` at line 1 column 29")]
    [InlineData(
        """{"method":"SUBSCRIBEX","id":1}""",
        2,
        "Invalid request: unknown variant SUBSCRIBEX, expected one of `SUBSCRIBE`, `UNSUBSCRIBE`, `LIST_SUBSCRIPTIONS`, "
        + "`SET_PROPERTY`, `GET_PROPERTY` at line 1 column 22")]
    [InlineData("""ping""", 3, "Invalid JSON: expected value at line 1 column 1")]
    [InlineData("", 3, "Invalid JSON: EOF while parsing a value at line 1 column 0")]
    [InlineData("""{"method":"SUBS""", 3, "Invalid JSON: EOF while parsing a string at line 1 column 15")]
    [InlineData("""[1,{"a":""", 3, "Invalid JSON: EOF while parsing an object at line 1 column 8")]
    [InlineData("""{"method":"SUBSCRIBE","id":"\ud800"}""", 3, "Invalid JSON: lone leading surrogate in hex escape at line 1 column 36")]
    public async Task Request_Wrong_IsRefusedInTheVenuesWordsAndSurvived(string request, int code, string message)
    {
        await using var client = await _simulation.ConnectAsync();

        Assert.Equal($"{{\"error\":{{\"code\":{code},\"msg\":\"{message}\"}}}}", await client.AskAsync(request));
        Assert.Equal("""{"result":[],"id":7}""", await client.AskAsync("""{"method":"LIST_SUBSCRIPTIONS","id":7}"""));
    }

    [Theory]
    [InlineData("@@@x###")]
    [InlineData("btcusdt@")]
    [InlineData("a@trade,b@trade")]
    [InlineData("")]
    public async Task Subscribe_MalformedName_IsRefusedAndClosed(string name)
    {
        await using var client = await _simulation.ConnectAsync();

        Assert.Equal(
            """{"error":{"code":2,"msg":"Invalid request: invalid stream"}}""",
            await client.AskAsync($$"""{"method":"SUBSCRIBE","params":["btcusdt@trade","{{name}}"],"id":1}"""));
        Assert.Equal("1008 Invalid request", await client.ReadCloseAsync());
    }

    [Fact]
    public async Task List_AfterSubscribing_EchoesNamesInOrderOnce()
    {
        await using var client = await _simulation.ConnectAsync("/ws/btcusdt@trade/btcusdt@depth");
        await client.SubscribeAsync("x@y", "btcusdt@trade", "a@b", "x@y");
        await client.AskAsync("""{"method":"UNSUBSCRIBE","params":["a@b"],"id":9}""");

        var list = await client.AskAsync("""{"method":"LIST_SUBSCRIPTIONS","id":4}""");
        Assert.Equal("""{"result":["btcusdt@trade","btcusdt@depth","x@y"],"id":4}""", list);
    }

    [Fact]
    public async Task Combined_Property_DecidesTheEnvelopeAndNeverWrapsAnswers()
    {
        await using var client = await _simulation.ConnectAsync("/stream?streams=btcusdt@bookTicker");
        Assert.Equal("""{"result":true,"id":1}""", await client.AskAsync("""{"method":"GET_PROPERTY","params":["combined"],"id":1}"""));
        _simulation.Clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.StartsWith("{\"stream\":\"btcusdt@bookTicker\",\"data\":{\"u\":", await client.ReadTextAsync(), StringComparison.Ordinal);

        await client.SendAsync("""{"method":"SET_PROPERTY","params":["combined",false],"id":5}""");
        while (await client.ReadTextAsync() != """{"result":null,"id":5}""")
        {
        }

        _simulation.Clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.StartsWith("{\"u\":", await client.ReadTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_InFragmentsWithAPingBetween_IsUnderstood()
    {
        await using var client = await _simulation.ConnectAsync();
        await client.SendAsync(1, """{"method":"LIST_SUBS"""u8.ToArray(), final: false);
        await client.SendAsync(9, "hello"u8.ToArray());
        await client.SendAsync(0, """CRIPTIONS","id":6}"""u8.ToArray());

        var (opcode, payload) = await client.ReadFrameAsync();
        Assert.Equal((10, "hello"), (opcode, System.Text.Encoding.UTF8.GetString(payload)));
        Assert.Equal("""{"result":[],"id":6}""", await client.ReadTextAsync());
    }

    [Fact]
    public async Task Frame_Unmasked_ClosesWithProtocolError()
    {
        await using var client = await _simulation.ConnectAsync();
        await client.SendAsync(1, "{}"u8.ToArray(), masked: false);

        Assert.StartsWith("1002 ", await client.ReadCloseAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_NotUtf8_ClosesWith1007()
    {
        await using var client = await _simulation.ConnectAsync();
        await client.SendAsync(1, [0xC3, 0x28]);

        Assert.StartsWith("1007 ", await client.ReadCloseAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Close_ByClient_IsEchoedAndEnds()
    {
        await using var client = await _simulation.ConnectAsync();
        await client.SendAsync(8, [0x03, 0xE8, (byte)'b', (byte)'y', (byte)'e']);

        Assert.Equal("1000 bye", await client.ReadCloseAsync());
        Assert.True(await client.EndsAsync());
    }
}
