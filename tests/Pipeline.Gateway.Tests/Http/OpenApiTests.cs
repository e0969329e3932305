using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pipeline.Gateway.Http;
using Pipeline.Gateway.Tests.Candles;
using Pipeline.Gateway.Tests.Hosting;
using Pipeline.TestKit;

namespace Pipeline.Gateway.Tests.Http;

/// <summary>The description of the HTTP API. With UPDATE_OPENAPI=1 the file in the repository is written anew instead of compared.</summary>
public sealed partial class OpenApiTests
{
    private static readonly string Snapshot = Path.Combine(Fixture.RepositoryRoot, "src", "Pipeline.Gateway", "openapi.json");
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    [Fact]
    public async Task Document_IsTheOneInTheRepository()
    {
        await using var gateway = await CandleClient.StartAsync();
        var made = JsonNode.Parse(await gateway.Client.GetStringAsync("/openapi.json"))!;
        var text = made.ToJsonString(Indented) + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_OPENAPI") == "1")
        {
            await File.WriteAllTextAsync(Snapshot, text);
        }

        Assert.True(File.Exists(Snapshot) && await File.ReadAllTextAsync(Snapshot) == text, "openapi.json is out of date: run with UPDATE_OPENAPI=1");
        Assert.StartsWith("3.", (string)made["openapi"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Document_EveryPathAnswersAsDescribed()
    {
        await using var gateway = await CandleClient.StartAsync();
        var document = JsonNode.Parse(await gateway.Client.GetStringAsync("/openapi.json"))!;
        var paths = document["paths"]!.AsObject().Select(one => one.Key).ToList();

        Assert.All(
            new[]
            {
                "/api/websocket/stats", "/api/websocket/health", "/api/websocket/metrics", "/api/websocket/flush", "/api/websocket/disconnect", "/api/streams",
                "/api/gaps", "/api/time", "/livez", "/readyz", "/metrics", "/api/kline/status", "/api/events/status", "/api/events/db-stats", "/udf/config",
                "/udf/symbols", "/udf/search", "/udf/history", "/udf/time",
            },
            path => Assert.Contains(path, paths));
        foreach (var (path, operations) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in operations!.AsObject())
            {
                using var answer = await gateway.SendAsync(new HttpMethod(method.ToUpperInvariant()), path);
                Assert.NotNull(operation!["responses"]![$"{(int)answer.StatusCode}"]);
                Assert.NotEmpty((string)operation["summary"]!);
                if (answer.Content.Headers.ContentType!.MediaType == "application/json")
                {
                    AssertDescribed(document, operation["responses"]![$"{(int)answer.StatusCode}"]!, await answer.Content.ReadAsStringAsync());
                }
            }
        }
    }

    [Fact]
    public async Task Parameters_AreThoseThatAreChecked()
    {
        await using var gateway = await CandleClient.StartAsync();
        var document = JsonNode.Parse(await gateway.Client.GetStringAsync("/openapi.json"))!;
        var limit = document["paths"]!["/api/streams"]!["get"]!["parameters"]!.AsArray().Single(one => (string)one!["name"]! == "limit")!;

        Assert.Equal(
            ["countback", "from", "resolution", "symbol", "to"],
            document["paths"]!["/udf/history"]!["get"]!["parameters"]!.AsArray().Select(one => (string)one!["name"]!).Order());
        Assert.Equal(("query", 1, MarketRoutes.MostListed), ((string)limit["in"]!, (int)limit["schema"]!["minimum"]!, (int)limit["schema"]!["maximum"]!));
    }

    [Theory]
    [InlineData("/swagger-ui")]
    [InlineData("/swagger-ui/")]
    [InlineData("/swagger-ui/index.html")]
    [InlineData("/docs")]
    public async Task SwaggerUi_LeadsToThePage(string path)
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var answer = await gateway.Client.GetAsync(path);

        Assert.Equal((HttpStatusCode.Redirect, "/swagger/index.html"), (answer.StatusCode, answer.Headers.Location!.OriginalString));
    }

    [Fact]
    public async Task Page_NeedsNothingFromElsewhere()
    {
        await using var gateway = await RunningGateway.StartAsync();
        var page = await gateway.Client.GetStringAsync("/swagger/index.html");
        var parts = Sources().Matches(page).Select(match => match.Groups[1].Value).ToList();

        Assert.Contains(parts, part => part.Contains("swagger-ui-bundle.js", StringComparison.Ordinal));
        foreach (var part in parts)
        {
            using var answer = await gateway.Client.GetAsync(new Uri(new Uri(gateway.Address, "/swagger/"), part));
            Assert.True(answer.IsSuccessStatusCode, part);
            Assert.Equal(gateway.Address.Authority, answer.RequestMessage!.RequestUri!.Authority);
        }

        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
    }

    /// <summary>Every field of an answer is described; nothing that is described as never null is left out.</summary>
    private static void AssertDescribed(JsonNode document, JsonNode response, string text)
    {
        var schema = response["content"]!["application/json"]!["schema"]!;
        var name = ((string?)schema["$ref"])?.Split('/')[^1];
        if (name is null)
        {
            return;
        }

        var properties = document["components"]!["schemas"]![name]!["properties"]!.AsObject();
        Assert.All(JsonNode.Parse(text)!.AsObject(), field => Assert.True(properties.ContainsKey(field.Key), $"{name}.{field.Key}"));
    }

    [GeneratedRegex("(?:src|href)=\"([^\"#]+)")]
    private static partial Regex Sources();
}
