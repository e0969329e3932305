using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Pipeline.Core.Topology;
using Pipeline.Host.Collecting;

namespace Pipeline.Tests.Host.Collecting;

public sealed class CollectorServerTests : IDisposable
{
    private const string ServerVariable = "Kestrel__Endpoints__Other__Url";

    private readonly HttpClient _client = new() { BaseAddress = new Uri($"http://127.0.0.1:{FakePort.FreePort()}") };
    private readonly FakePort _port = new();

    public void Dispose()
    {
        _client.Dispose();
        _port.Dispose();
    }

    [Fact]
    public async Task Server_AnswersWhatIsRead()
    {
        await using var server = await StartAsync();

        Assert.Equal("ok\n", await _client.GetStringAsync("/livez"));
        Assert.Equal("ok\n", await _client.GetStringAsync("/readyz"));
        var read = (await _client.GetFromJsonAsync<CollectorStatistics>("/statistics"))!;
        Assert.Equal((1.5, 42, _port.Statistics.Queues[0]), (read.UptimeSeconds, read.MarketTime, Assert.Single(read.Queues)));
        using var metrics = await _client.GetAsync("/metrics");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", metrics.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    public async Task NotReady_NamesTheWorstInALineOrAsJson_AndLives()
    {
        _port.Readiness = new Readiness(
            false, "binance:BTC-USDT:trade: stale for 12 s (silent)", "binance", "binance-1", "binance:BTC-USDT:trade", "stale", 7)
        {
            Streams = [new UnwellStream("binance x@trade", "refused", "Invalid symbol")],
            MoreStreams = 3,
        };
        await using var server = await StartAsync();

        using var answer = await _client.GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal($"{_port.Readiness.Reason}\nbinance x@trade: refused (Invalid symbol)\nand 3 more streams\n", await answer.Content.ReadAsStringAsync());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/readyz");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var json = await _client.SendAsync(request);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, json.StatusCode);
        Assert.Equal(
            """{"ready":false,"reason":"binance:BTC-USDT:trade: stale for 12 s (silent)","venue":"binance","connection":"binance-1","""
            + "\"stream\":\"binance:BTC-USDT:trade\",\"state\":\"stale\",\"since\":7,"
            + "\"streams\":[{\"stream\":\"binance x@trade\",\"state\":\"refused\",\"reason\":\"Invalid symbol\"}],\"moreStreams\":3}",
            await json.Content.ReadAsStringAsync());
        Assert.Equal("ok\n", await _client.GetStringAsync("/livez"));
    }

    [Fact]
    public async Task Rotate_AnswersAtOnce_OrWaitsForTheOutcomes()
    {
        var held = new TaskCompletionSource();
        _port.Held = held.Task;
        await using var server = await StartAsync();

        var (status, body) = await PostAsync("/rotate?venue=binance&connection=binance-2");
        Assert.Equal((HttpStatusCode.Accepted, "[\"binance-2\"]"), (status, body["connections"]!.ToJsonString()));
        Assert.Null(body["outcomes"]);

        var waiting = PostAsync("/rotate?wait=true");
        await Wait.UntilAsync(() => _port.Calls.Count == 3);
        Assert.False(waiting.IsCompleted);
        held.SetResult();
        (status, body) = await waiting;
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["binance-1", "binance-2", "okx-public-1"], body["outcomes"]!.AsArray().Select(one => (string)one!["connection"]!));
        Assert.Equal((true, 812.3, 3), ((bool)body["outcomes"]![0]!["done"]!, (double)body["outcomes"]![0]!["tookMs"]!, (int)body["outcomes"]![0]!["unproven"]!));
        Assert.Equal(["rotate binance binance-2", "rotate binance all", "rotate okx all"], _port.Calls.Take(1).Concat(_port.Calls.Skip(1).Order()));
    }

    [Theory]
    [InlineData("/rotate?venue=kraken", """{"error":"there is no venue kraken","venues":["binance","okx"]}""")]
    [InlineData("/rotate?connection=x-9", """{"error":"there is no connection x-9","connections":["binance-1","binance-2","okx-public-1"]}""")]
    [InlineData("/rotate?venue=okx&connection=binance-1", """{"error":"there is no connection binance-1","connections":["okx-public-1"]}""")]
    public async Task Rotate_UnknownName_Is404WithThoseThereAre(string path, string expected)
    {
        await using var server = await StartAsync();
        var (status, body) = await PostAsync(path);

        Assert.Equal((HttpStatusCode.NotFound, expected), (status, body.ToJsonString()));
        Assert.Empty(_port.Calls);
    }

    [Fact]
    public async Task Reload_AnswersWhatChanged_Or422WithTheErrors()
    {
        await using var server = await StartAsync();
        var (status, body) = await PostAsync("/reload");
        Assert.Equal((HttpStatusCode.OK, "+2 streams, −1, 38 untouched", 38), (status, (string)body["summary"]!, (int)body["untouched"]!));

        _port.Reload = Pipeline.Host.Collecting.Reloading.ReloadOutcome.Refused([new TopologyError("t.yaml", 5, 3, "venues.x", "unknown key", "")]);
        (status, body) = await PostAsync("/reload");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, 5, "t.yaml"), (status, (int)body["errors"]![0]!["line"]!, (string)body["errors"]![0]!["file"]!));
    }

    [Theory]
    [InlineData("GET", "/rotate")]
    [InlineData("GET", "/reload")]
    [InlineData("PUT", "/reload")]
    [InlineData("POST", "/metrics")]
    [InlineData("DELETE", "/statistics")]
    public async Task OtherMethods_Are405(string method, string path)
    {
        await using var server = await StartAsync();
        using var answer = await _client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Empty(_port.Calls);
    }

    [Theory]
    [InlineData("Origin", "http://evil.example", 403)]
    [InlineData("Origin", "null", 403)]
    [InlineData("Origin", "http://127.0.0.1:1", 403)]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("Forwarded", "for=10.0.0.1", 403)]
    [InlineData("Via", "1.1 proxy.example", 403)]
    [InlineData("X-Forwarded-For", "10.0.0.1", 403)]
    [InlineData("X-Forwarded-Host", "collector.example", 403)]
    [InlineData("X-Forwarded-Proto", "https", 403)]
    [InlineData("X-Real-IP", "10.0.0.1", 403)]
    [InlineData("Host", "evil.example:8081", 403)]
    [InlineData("Host", "localhost:8081", 200)]
    public async Task Admin_WhatABrowserOrAProxySends_IsRefused(string header, string value, int status)
    {
        await using var server = await StartAsync();
        var (answered, body) = await PostAsync("/reload", header, value);

        Assert.Equal(status, (int)answered);
        Assert.Equal(status == 200 ? ["reload"] : [], _port.Calls);
        Assert.Equal(status == 403, body.ContainsKey("error"));
    }

    [Fact]
    public async Task Admin_OwnPage_IsLetThrough()
    {
        await using var server = await StartAsync();
        var (status, _) = await PostAsync("/reload", "Origin", _client.BaseAddress!.GetLeftPart(UriPartial.Authority));

        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Theory]
    [InlineData(null, 401)]
    [InlineData("Bearer wrong-token", 401)]
    [InlineData("Basic open-sesame", 401)]
    [InlineData("Bearer open-sesame2", 401)]
    [InlineData("Bearer open-sesame", 200)]
    [InlineData("bearer open-sesame", 200)]
    public async Task Admin_TokenIsSet_IsNeededFromThisMachineToo(string? authorization, int status)
    {
        await using var server = await StartAsync("open-sesame");
        var (answered, _) = await PostAsync("/reload", authorization is null ? null : "Authorization", authorization);

        Assert.Equal(status, (int)answered);
        Assert.Equal("ok\n", await _client.GetStringAsync("/livez"));
    }

    [Fact]
    public async Task Admin_Body_IsRefusedWhenItIsOne()
    {
        await using var server = await StartAsync();
        using var answer = await _client.PostAsync("/reload", new StringContent(new string('x', 2000)));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Empty(_port.Calls);
    }

    [Fact]
    public void Token_IsInNoText() =>
        Assert.DoesNotContain("open-sesame", new TopologyFile { Collector = new CollectorOptions { AdminToken = "open-sesame" } }.ToString(), StringComparison.Ordinal);

    [Fact]
    public async Task Listen_IsNotOverriddenByTheServersOwnVariables()
    {
        var other = FakePort.FreePort();
        Environment.SetEnvironmentVariable(ServerVariable, $"http://127.0.0.1:{other}");
        try
        {
            await using var server = await StartAsync();

            Assert.Equal("ok\n", await _client.GetStringAsync("/livez"));
            await Assert.ThrowsAsync<HttpRequestException>(() => _client.GetStringAsync(new Uri($"http://127.0.0.1:{other}/livez")));
        }
        finally
        {
            Environment.SetEnvironmentVariable(ServerVariable, null);
        }
    }

    [Fact]
    public async Task Listen_AddressTaken_NamesTheKey()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var options = new CollectorOptions { Listen = new Uri($"http://{holder.LocalEndpoint}") };

        var fault = await Assert.ThrowsAsync<IOException>(() => CollectorServer.StartAsync(options, _port, CancellationToken.None));

        Assert.Contains("collector.listen", fault.Message, StringComparison.Ordinal);
    }

    private Task<CollectorServer> StartAsync(string? token = null) =>
        CollectorServer.StartAsync(new CollectorOptions { Listen = _client.BaseAddress!, AdminToken = token }, _port, CancellationToken.None);

    private async Task<(HttpStatusCode Status, JsonObject Body)> PostAsync(string path, string? header = null, string? value = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }

        using var answer = await _client.SendAsync(request);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject());
    }
}
