using System.Text.Json;

namespace Pipeline.Tests.Simulator;

public sealed class BinanceRegroupTests : IAsyncLifetime
{
    private Simulation _simulation = null!;

    public async Task InitializeAsync() => _simulation = await Simulation.StartAsync(Simulation.Options with { QuotesPerSecond = 200 });

    public async Task DisposeAsync() => await _simulation.DisposeAsync();

    [Fact]
    public async Task Regroup_OfOneConnection_CutsOtherwiseAndLosesNothing()
    {
        await using var shared = await _simulation.ConnectAsync();
        await using var own = await _simulation.ConnectAsync();
        await shared.SubscribeAsync("btcusdt@depth@100ms");
        await own.SubscribeAsync("btcusdt@depth@100ms");
        _simulation.Clock.Advance(TimeSpan.FromSeconds(1));
        await _simulation.PostAsync("/connections/2/regroup?percent=40");
        _simulation.Clock.Advance(TimeSpan.FromSeconds(3));
        await _simulation.PostAsync("/connections/2/regroup?percent=0");
        _simulation.Clock.Advance(TimeSpan.FromSeconds(1));
        var ofAll = await ReadAsync(shared, 45);
        var ofOne = await ReadAsync(own, 45);

        Assert.All(ofOne.Zip(ofOne.Skip(1)), pair => Assert.Equal(pair.First.Last + 1, pair.Second.First));
        Assert.Equal(ofAll[0], ofOne[0]);
        Assert.True(ofOne.Except(ofAll).Count() > 15);
        Assert.Equal(ofAll[^1], ofOne[^1]);
    }

    [Fact]
    public async Task AnnounceShutdown_InEitherEnvelope_IsTheVenuesEvent()
    {
        await using var raw = await _simulation.ConnectAsync();
        await using var combined = await _simulation.ConnectAsync("/stream");
        await raw.AskAsync("""{"method":"LIST_SUBSCRIPTIONS","id":1}""");
        await combined.AskAsync("""{"method":"LIST_SUBSCRIPTIONS","id":1}""");
        await _simulation.PostAsync("/connections/1/announce-shutdown");
        await _simulation.PostAsync("/connections/2/announce-shutdown");
        var time = _simulation.Clock.GetUtcNow().ToUnixTimeMilliseconds();

        Assert.Equal($"{{\"e\":\"serverShutdown\",\"E\":{time}}}", await raw.ReadTextAsync());
        Assert.Equal(
            $"{{\"stream\":\"!serverShutdown\",\"data\":{{\"e\":\"serverShutdown\",\"E\":{time}}}}}", await combined.ReadTextAsync());
    }

    private static async Task<List<(long First, long Last)>> ReadAsync(RawClient client, int frames)
    {
        var ranges = new List<(long First, long Last)>();
        for (var i = 0; i < frames; i++)
        {
            using var frame = JsonDocument.Parse(await client.ReadTextAsync());
            ranges.Add((frame.RootElement.GetProperty("U").GetInt64(), frame.RootElement.GetProperty("u").GetInt64()));
        }

        return ranges;
    }
}
