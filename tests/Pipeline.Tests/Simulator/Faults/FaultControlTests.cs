using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Pipeline.Tests.Simulator.Faults;

/// <summary>The control port's <c>/faults</c>.</summary>
public sealed class FaultControlTests : IAsyncLifetime
{
    private Simulation _simulation = null!;

    public async Task InitializeAsync() => _simulation = await Simulation.StartAsync();

    public async Task DisposeAsync() => await _simulation.DisposeAsync();

    [Fact]
    public async Task Catalog_NamesFiltersParametersAndBounds()
    {
        var catalog = await _simulation.GetAsync("/faults/catalog");
        var dirty = catalog.EnumerateArray().Single(fault => fault.GetProperty("id").GetString() == "F07");

        Assert.Equal(70, catalog.GetArrayLength());
        Assert.Equal(["venue", "connection"], dirty.GetProperty("filters").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal("a duration from 0s to 1h", dirty.GetProperty("parameters")[1].GetProperty("possible").GetString());
    }

    [Fact]
    public async Task Post_AnswersWhatIsOn_AndItEndsWithItsTime()
    {
        var handle = await _simulation.FaultAsync(
            """{"id":"F41","venue":"binance","connection":3,"stream":"btcusdt@trade","for":"30s","count":5,"parameters":{}}""");
        var active = (await _simulation.GetAsync("/faults")).GetProperty("active")[0];
        _simulation.Clock.Advance(TimeSpan.FromSeconds(31));
        var after = await _simulation.GetAsync("/faults");

        Assert.Equal((handle, "F41", "binance", 3, "btcusdt@trade", "30s", 5, 0), (
            active.GetProperty("handle").GetInt32(), Text(active, "id"), Text(active, "venue"), active.GetProperty("connection").GetInt32(),
            Text(active, "stream"), Text(active, "for"), active.GetProperty("count").GetInt32(), active.GetProperty("struck").GetInt32()));
        Assert.Equal((0, 1), (after.GetProperty("active").GetArrayLength(), after.GetProperty("ended").GetArrayLength()));
        Assert.Equal(30_000_000, after.GetProperty("ended")[0].GetProperty("end").GetInt64() - active.GetProperty("since").GetInt64());
    }

    [Fact]
    public async Task Delete_EndsOneOrAll()
    {
        var first = await _simulation.FaultAsync("""{"id":"F40"}""");
        await _simulation.FaultAsync("""{"id":"F53"}""");
        await _simulation.FaultAsync("""{"id":"F68"}""");

        Assert.Equal(1, (await DeleteAsync($"/faults/{first}")).GetProperty("ended").GetInt32());
        Assert.Contains("no active fault", Text(await DeleteAsync($"/faults/{first}"), "error"), StringComparison.Ordinal);
        Assert.Equal(2, (await DeleteAsync("/faults")).GetProperty("ended").GetInt32());
        Assert.Equal(0, (await _simulation.GetAsync("/status")).GetProperty("totals").GetProperty("faultsActive").GetInt32());
    }

    [Theory]
    [InlineData("", "Write a mapping with id, venue")]
    [InlineData("[]", "Write a mapping with id, venue")]
    [InlineData("{", "The body is not JSON: line 1")]
    [InlineData("{}", "id is missing")]
    [InlineData("""{"id":"F19"}""", "There is no fault 'F19'; there are F01, F02")]
    [InlineData("""{"id":"F26"}""", "always behaves so")]
    [InlineData("""{"id":"F35"}""", "is not simulated")]
    [InlineData("""{"id":"F07","conection":1}""", "There is no key 'conection': did you mean 'connection'?")]
    [InlineData("""{"id":"F07","id":"F07"}""", "given twice")]
    [InlineData("""{"id":"F07","venue":"kraken"}""", "F07 concerns binance, binance-futures, okx, bybit, solana, not 'kraken'")]
    [InlineData("""{"id":"F10","venue":"binance"}""", "F10 concerns okx, not 'binance'")]
    [InlineData("""{"id":"F07","connection":9}""", "There is no open connection 9")]
    [InlineData("""{"id":"F07","connection":0}""", "connection must be a whole number from 1")]
    [InlineData("""{"id":"F07","stream":"x"}""", "F07 (dirty end) takes no stream")]
    [InlineData("""{"id":"F15","connection":1}""", "F15 (handshake refused) takes no connection")]
    [InlineData("""{"id":"F41"}""", "F41 needs a stream or a symbol")]
    [InlineData("""{"id":"F07","for":"soon"}""", "for: 'soon' is no duration")]
    [InlineData("""{"id":"F07","for":"41d"}""", "at most 40d")]
    [InlineData("""{"id":"F07","count":0}""", "count must be a whole number from 1")]
    [InlineData("""{"id":"F07","parameters":7}""", "parameters must be a mapping")]
    [InlineData("""{"id":"F07","parameters":{"mod":"reset"}}""", "There is no parameter of F07 'mod': did you mean 'mode'? (mode, deadFor).")]
    [InlineData("""{"id":"F01","parameters":{"mode":"reset"}}""", "there are none here")]
    [InlineData("""{"id":"F07","parameters":{"mode":"soft"}}""", "parameters.mode must be one of reset, blackHole, not 'soft'")]
    [InlineData("""{"id":"F07","parameters":{"deadFor":"2h"}}""", "parameters.deadFor must be a duration from 0s to 1h, not '2h'")]
    [InlineData("""{"id":"F17","parameters":{"fragments":17}}""", "parameters.fragments must be a whole number from 2 to 16, not '17'")]
    public async Task Post_OfWhatIsNotPossible_SaysWhatIs(string body, string message)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        using var answer = await _simulation.Control.PostAsync(new Uri("/faults", UriKind.Relative), content);

        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains(message, Text(await answer.Content.ReadFromJsonAsync<JsonElement>(), "error"), StringComparison.Ordinal);
        Assert.Equal(0, (await _simulation.GetAsync("/faults")).GetProperty("active").GetArrayLength());
    }

    private static string? Text(JsonElement element, string key) => element.GetProperty(key).GetString();

    private async Task<JsonElement> DeleteAsync(string path)
    {
        using var answer = await _simulation.Control.DeleteAsync(new Uri(path, UriKind.Relative));
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
