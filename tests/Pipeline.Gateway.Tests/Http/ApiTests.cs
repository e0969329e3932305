using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pipeline.Core.Diagnostics;
using Pipeline.Gateway.Hosting;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Tests.Candles;
using Pipeline.Gateway.Tests.Hosting;

namespace Pipeline.Gateway.Tests.Http;

public sealed class ApiTests
{
    [Fact]
    public async Task Time_IsIntegerMicrosecondsAndSeconds()
    {
        await using var gateway = await RunningGateway.StartAsync();
        var before = RunningGateway.Now;
        var body = await gateway.GetAsync("/api/time");

        Assert.Equal(["serverTime", "unix"], Names(body));
        Assert.InRange((long)body["serverTime"]!, before, RunningGateway.Now);
        Assert.Equal((long)body["serverTime"]! / 1_000_000, (long)body["unix"]!);
    }

    [Fact]
    public async Task Stats_HasItsFields()
    {
        await using var gateway = await RunningGateway.StartAsync();
        var body = await gateway.GetAsync("/api/websocket/stats");

        Assert.Equal(
            ["totalConnections", "activeConnections", "totalSubscriptions", "averageConnectionDuration", "messagesForwarded", "errorsEncountered", "lastActivity"],
            Names(body).Take(7));
        Assert.Equal((0, 0), ((long)body["totalConnections"]!, (long)body["activeConnections"]!));
        Assert.Null(body["connections"]);
        var listed = await gateway.GetAsync("/api/websocket/stats?connections=1");
        Assert.Empty(listed["connections"]!.AsArray());
    }

    [Fact]
    public async Task Health_SaysHowItFares()
    {
        await using var gateway = await RunningGateway.StartAsync();
        var body = await gateway.GetAsync("/api/websocket/health");

        Assert.Equal(["status", "connections", "uptime", "lastError", "performance", "reasons"], Names(body));
        Assert.Equal(["avgLatency", "memoryUsage"], Names(body["performance"]!));
        Assert.Equal("healthy", (string)body["status"]!);
        Assert.True((long)body["performance"]!["memoryUsage"]! > 1_000_000);

        gateway.Source.AddHealth("binance:BTC-USDT:trade", "stale", "silent", RunningGateway.Now - 12_500_000);
        await gateway.UntilToldAsync(1);
        Assert.Equal("degraded", (string)(await gateway.GetAsync("/api/websocket/health"))["status"]!);
    }

    [Fact]
    public async Task Health_LogNotRead_IsUnhealthy()
    {
        await using var gateway = await RunningGateway.StartAsync(begins: false);

        Assert.Equal("unhealthy", (string)(await gateway.GetAsync("/api/websocket/health"))["status"]!);
    }

    [Fact]
    public async Task Metrics_HaveQuantilesRatesAndSums()
    {
        await using var gateway = await RunningGateway.StartAsync();
        gateway.Source.AddTrade(1, RunningGateway.Now);
        await gateway.UntilToldAsync(1);
        var body = await gateway.GetAsync("/api/websocket/metrics");

        Assert.Equal(["p50", "p95", "p99", "count"], Names(body["latency"]!));
        Assert.Equal(["recordsPerSecond", "messagesPerSecond", "bytesPerSecond", "connectsPerSecond"], Names(body["rates"]!));
        Assert.Equal(1, (long)body["records"]!);
        Assert.All(new[] { "matchTime", "errors", "disconnects", "cpu", "memory", "bytes", "messages", "conflated", "dropped" }, name => Assert.NotNull(body[name]));
    }

    [Fact]
    public async Task Streams_TellStateAndFigures_AndAreFiltered()
    {
        await using var gateway = await RunningGateway.StartAsync();
        var now = RunningGateway.Now;
        gateway.Source.AddTrade(1, now);
        gateway.Source.AddHealth("binance:BTC-USDT:trade", "fresh", "first-data", now);
        gateway.Source.AddHealth("binance:ETH-USDT:quote", "stale", "silent", now);
        await gateway.UntilToldAsync(3);

        var all = (await gateway.GetAsync("/api/streams"))["streams"]!.AsArray();
        var trade = all.Single(row => (string)row!["stream"]! == "binance:BTC-USDT:trade")!;
        Assert.Equal(("binance", "trade", "fresh", 0L, 1L),
            ((string)trade["venue"]!, (string)trade["dataType"]!, (string)trade["state"]!, (long)trade["seq"]!, (long)trade["records"]!));
        var stale = await gateway.GetAsync("/api/streams?state=stale");
        Assert.Equal((1, "binance:ETH-USDT:quote", "silent"),
            ((int)stale["total"]!, (string)stale["streams"]![0]!["stream"]!, (string)stale["streams"]![0]!["reason"]!));
        Assert.Equal(1, (int)(await gateway.GetAsync("/api/streams?instrument=ETH-USDT&dataType=quote"))["total"]!);
        Assert.Equal(0, (int)(await gateway.GetAsync("/api/streams?venue=okx"))["total"]!);
        var page = await gateway.GetAsync("/api/streams?limit=1&offset=1");
        Assert.Equal((all.Count, 1, 1), ((int)page["total"]!, (int)page["offset"]!, page["streams"]!.AsArray().Count));
    }

    [Theory]
    [InlineData("instrument=BTC-USDT")]
    [InlineData("instrument=binance:BTC-USDT")]
    [InlineData("instrument=BTC/USDT")]
    [InlineData("instrument=BINANCE:BTCUSDT")]
    [InlineData("instrument=btcusdt")]
    [InlineData("instrument=btc-*")]
    [InlineData("venue=BINANCE&instrument=BTCUSDT")]
    [InlineData("venue=Binance")]
    public async Task StreamsAndGaps_EverySpelling_IsUnderstood(string query)
    {
        await using var gateway = await RunningGateway.StartAsync();
        gateway.Source.AddInstrument("binance", "BTC-USDT", "BTCUSDT");
        gateway.Source.AddInstrument("binance-futures", "ETH-USDT-PERP", "ETHUSDT");
        gateway.Source.AddTrade(1, RunningGateway.Now);
        gateway.Source.AddGap(100, "open", RunningGateway.Now);
        gateway.Source.AddHealth("binance-futures:ETH-USDT-PERP:trade", "fresh", "first-data", RunningGateway.Now);
        await gateway.UntilToldAsync(5);

        var streams = await gateway.GetAsync($"/api/streams?dataType=trade&{query}");
        Assert.Equal((1, "binance:BTC-USDT:trade"), ((int)streams["total"]!, (string)streams["streams"]![0]!["stream"]!));
        Assert.Equal(1, (int)(await gateway.GetAsync($"/api/gaps?{query}"))["totalOpen"]!);
        Assert.Equal(0, (int)(await gateway.GetAsync("/api/gaps?instrument=ETH/USDT:USDT"))["totalOpen"]!);
    }

    [Theory]
    [InlineData("candle", 2)]
    [InlineData("candle:1m", 1)]
    [InlineData("candle:m1", 1)]
    [InlineData("candle:60", 1)]
    [InlineData("candle:5m", 0)]
    [InlineData("candles", 0)]
    public async Task Streams_OfCandles_ByAnySpellingOfTheInterval(string dataType, int expected)
    {
        await using var gateway = await RunningGateway.StartAsync();
        gateway.Source.AddTrade(1, RunningGateway.Now);
        foreach (var candle in new[] { CandleRecord.At(0), CandleRecord.At(0, "1h") })
        {
            gateway.Source.Add(TopicKind.Candles, candle.Key, candle.ToJson(), RunningGateway.Now);
        }

        await gateway.UntilToldAsync(3);
        Assert.Equal(expected, (int)(await gateway.GetAsync($"/api/streams?dataType={dataType}"))["total"]!);
    }

    [Fact]
    public async Task Gaps_OpenAndClosed_AsTheTopicTellsThem()
    {
        await using var gateway = await RunningGateway.StartAsync();
        gateway.Source.AddGap(100, "open", RunningGateway.Now);
        gateway.Source.AddGap(200, "open", RunningGateway.Now);
        gateway.Source.AddGap(200, "repaired", RunningGateway.Now);
        await gateway.UntilToldAsync(3);
        var body = await gateway.GetAsync("/api/gaps");

        Assert.Equal((1, 100L, "open"), ((int)body["totalOpen"]!, (long)body["open"]![0]!["fromId"]!, (string)body["open"]![0]!["state"]!));
        Assert.Equal((200L, "repaired"), ((long)body["recent"]![0]!["fromId"]!, (string)body["recent"]![0]!["state"]!));
        Assert.Equal(0, (int)(await gateway.GetAsync("/api/gaps?venue=okx"))["totalOpen"]!);
        Assert.Empty((await gateway.GetAsync("/api/gaps?recent=0"))["recent"]!.AsArray());
    }

    [Fact]
    public async Task Readyz_UntilTheLogIsRead_Is503_AndLivezAnswers()
    {
        await using var gateway = await RunningGateway.StartAsync(begins: false);
        Assert.Equal("ok\n", await gateway.Client.GetStringAsync("/livez"));
        using (var waiting = await gateway.Client.GetAsync("/readyz"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, waiting.StatusCode);
            Assert.Equal("the broker cannot be reached\n", await waiting.Content.ReadAsStringAsync());
        }

        gateway.Source.Begin(end: 1);
        await RunningGateway.UntilAsync(() => gateway.Host.Hub.IsConnected);
        using (var reading = await gateway.Client.GetAsync("/readyz"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, reading.StatusCode);
            Assert.Equal("the log is being read: the replay window is not filled yet\n", await reading.Content.ReadAsStringAsync());
        }

        gateway.Source.Reached(1);
        await RunningGateway.UntilAsync(() => gateway.Host.Hub.IsCaughtUp);
        Assert.Equal("ok\n", await gateway.Client.GetStringAsync("/readyz"));
    }

    [Fact]
    public async Task Readyz_NamesTheStaleStreamAndWhy_AndTheSilentCollector()
    {
        await using var gateway = await RunningGateway.StartAsync();
        var now = RunningGateway.Now;
        gateway.Source.AddHealth("binance:BTC-USDT:trade", "stale", "probe-behind", now - 12_500_000);
        gateway.Source.AddHealth("binance:ETH-USDT:trade", "fresh", "first-data", now);
        gateway.Source.AddStatus("collector-1", "okx", "running", now - 60_000_000);
        gateway.Source.AddStatus("collector-1", "bybit", "stopped", now - 60_000_000);
        gateway.Source.AddStatus("collector-1", "binance", "running", now);
        await gateway.UntilToldAsync(5);

        var text = await gateway.Client.GetStringAsync("/readyz");
        Assert.Equal(
            "ready, and 2 streams are not fresh: collector-1:okx: silent for N s (the collector does not report)\n"
            + "collector-1:okx: silent for N s (the collector does not report)\nbinance:BTC-USDT:trade: stale for N s (probe-behind)\n",
            Regex.Replace(text, "for (6[0-9]|1[2-9]|2[0-9]) s", "for N s"));
        using var json = await gateway.SendAsync(HttpMethod.Get, "/readyz", ("Accept", "application/json"));
        var body = JsonNode.Parse(await json.Content.ReadAsStringAsync())!;
        Assert.Equal((true, "binance:BTC-USDT:trade", "probe-behind"),
            ((bool)body["ready"]!, (string)body["streams"]![1]!["stream"]!, (string)body["streams"]![1]!["reason"]!));
        using var strict = await gateway.Client.GetAsync("/readyz?streams=1");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, strict.StatusCode);
    }

    [Fact]
    public async Task Questions_CostTheHubNothing_AndAreAnsweredWhileItIsBusy()
    {
        await using var gateway = await RunningGateway.StartAsync();
        gateway.Source.AddTrade(1, RunningGateway.Now);
        gateway.Source.AddGap(100, "open", RunningGateway.Now);
        await gateway.UntilToldAsync(2);
        using var goOn = new ManualResetEventSlim();
        using var isBusy = new ManualResetEventSlim();
        var busy = gateway.Host.Hub.AskAsync(_ =>
        {
            isBusy.Set();
            return goOn.Wait(TimeSpan.FromSeconds(30));
        });
        isBusy.Wait();

        Assert.Equal("ok\n", await gateway.Client.GetStringAsync("/readyz"));
        Assert.Equal(2, (int)(await gateway.GetAsync("/api/streams"))["total"]!);
        Assert.Equal(1, (int)(await gateway.GetAsync("/api/gaps"))["totalOpen"]!);
        Assert.Equal("healthy", (string)(await gateway.GetAsync("/api/websocket/health"))["status"]!);
        Assert.False(busy.IsCompleted);
        goOn.Set();
        Assert.True(await busy);
    }

    [Fact]
    public async Task MetricsPage_IsPrometheusText()
    {
        await using var gateway = await RunningGateway.StartAsync();
        gateway.Source.AddTrade(1, RunningGateway.Now);
        await gateway.UntilToldAsync(1);
        using var answer = await gateway.Client.GetAsync("/metrics");
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n');

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Contains("pipeline_gateway_records_total 1", lines);
        Assert.Contains("pipeline_gateway_ready 1", lines);
        Assert.Contains("# TYPE pipeline_stage_latency_seconds histogram", lines);
        Assert.Contains(lines, line => line.StartsWith("pipeline_stage_latency_seconds_bucket{stage=\"gateway\",le=\"+Inf\"} ", StringComparison.Ordinal));
        Assert.Contains("# TYPE pipeline_gateway_disconnects_total counter", lines);
        var families = lines.Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).ToList();
        Assert.Equal(families.Count, families.Distinct().Count());
        var ofCollectors = gateway.Host.Figures.Metrics.Families.Where(family => family.Owner == MetricOwner.Collector).Select(PrometheusText.NameOf).ToList();
        Assert.Contains("pipeline_feed_frames_total", ofCollectors);
        Assert.DoesNotContain(families, line => ofCollectors.Contains(line.Split(' ')[2]));
    }

    [Theory]
    [InlineData("/api/streams?limit=0", "limit must be a whole number from 1 to 10000.")]
    [InlineData("/api/streams?limit=-1", "limit must be a whole number from 1 to 10000.")]
    [InlineData("/api/streams?limit=1e3", "limit must be a whole number from 1 to 10000.")]
    [InlineData("/api/streams?limit=99999999999999999999", "limit must be a whole number from 1 to 10000.")]
    [InlineData("/api/streams?limit=1&limit=2", "limit is there more than once.")]
    [InlineData("/api/streams?state=%3Cscript%3E", "state must be one of: starting, fresh, quiet, stale, paused, stopped.")]
    [InlineData("/api/streams?%3Cscript%3E=1", "There is a parameter that this path does not have; it has: venue, instrument, dataType, state, limit, offset.")]
    [InlineData("/api/streams?venue=", "venue must be text of 1 to 200 characters.")]
    [InlineData("/api/websocket/stats?connections=yes", "connections must be one of: 0, 1.")]
    [InlineData("/api/websocket/stats?limit=1001", "limit must be a whole number from 1 to 1000.")]
    [InlineData("/api/gaps?recent=x", "recent must be a whole number from 0 to 1000.")]
    [InlineData("/api/time?x=1", "This path has no parameters.")]
    [InlineData("/livez?x=1", "This path has no parameters.")]
    public async Task Parameter_Wrong_IsNamedAndNotRepeated(string path, string message)
    {
        await using var gateway = await RunningGateway.StartAsync();
        var body = await gateway.GetAsync(path, HttpStatusCode.BadRequest);

        Assert.Equal(("INVALID_PARAMETER", message, 0), ((string)body["code"]!, (string)body["message"]!, (int)body["retryAfterMs"]!));
    }

    [Theory]
    [InlineData("GET", "/nothing/<here>", HttpStatusCode.NotFound, "NOT_FOUND")]
    [InlineData("GET", "/api/nothing", HttpStatusCode.NotFound, "NOT_FOUND")]
    [InlineData("POST", "/api/time", HttpStatusCode.MethodNotAllowed, "METHOD_NOT_ALLOWED")]
    [InlineData("GET", "/api/websocket/flush", HttpStatusCode.MethodNotAllowed, "METHOD_NOT_ALLOWED")]
    [InlineData("GET", "/api/websocket/disconnect?id=1", HttpStatusCode.MethodNotAllowed, "METHOD_NOT_ALLOWED")]
    [InlineData("DELETE", "/metrics", HttpStatusCode.MethodNotAllowed, "METHOD_NOT_ALLOWED")]
    [InlineData("GET", "/ws", HttpStatusCode.NotFound, "NOT_FOUND")]
    public async Task Path_Wrong_IsAnErrorInJson(string method, string path, HttpStatusCode status, string code)
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var answer = await gateway.SendAsync(new HttpMethod(method), path);
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Equal((status, code), (answer.StatusCode, (string)JsonNode.Parse(text)!["code"]!));
        Assert.DoesNotContain("<here>", text, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    public async Task Failure_IsToldInOneShape_AndItsReasonToNobody()
    {
        await using var gateway = await RunningGateway.StartAsync(change: setup => setup with { Services = [new FailingService()] });
        using var busy = await gateway.Client.GetAsync("/api/busy");
        using var broken = await gateway.Client.GetAsync("/api/broken");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(1)), (busy.StatusCode, busy.Headers.RetryAfter!.Delta));
        Assert.Equal("""{"code":"UNAVAILABLE","message":"The gateway cannot answer this now.","retryAfterMs":1000}""", await busy.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.InternalServerError, broken.StatusCode);
        Assert.Equal("""{"code":"INTERNAL","message":"The gateway failed to answer this.","retryAfterMs":0}""", await broken.Content.ReadAsStringAsync());
        var health = await gateway.GetAsync("/api/websocket/health");
        Assert.Equal("a request failed", (string)health["lastError"]!["message"]!);
        Assert.InRange((long)health["lastError"]!["timestamp"]!, RunningGateway.Now - 60_000_000, RunningGateway.Now);
        Assert.Equal(1, (int)(await gateway.GetAsync("/api/websocket/metrics"))["errors"]!["INTERNAL"]!);
    }

    private static IEnumerable<string> Names(JsonNode node) => node.AsObject().Select(one => one.Key);

    private sealed class FailingService : IGatewayService
    {
        public void Map(IEndpointRouteBuilder routes)
        {
            routes.MapGet("/api/busy", string () => throw new HubUnavailableException()).ExcludeFromDescription();
            routes.MapGet("/api/broken", string () => throw new InvalidOperationException("the password is sesame")).ExcludeFromDescription();
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
