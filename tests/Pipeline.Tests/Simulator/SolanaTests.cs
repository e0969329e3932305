using System.Text;
using System.Text.Json;
using Pipeline.Core.Topology;
using Pipeline.Simulator.Solana;

namespace Pipeline.Tests.Simulator;

public sealed class SolanaTests : IAsyncLifetime
{
    private static readonly SimulatorOptions Options = VenueSimulation.Options with
    {
        SolanaListen = new Uri("http://127.0.0.1:0"),
        TradesPerSecond = 40,
    };

    private Simulation _simulation = null!;

    public async Task InitializeAsync() => _simulation = await Simulation.StartAsync(Options);

    public async Task DisposeAsync() => await _simulation.DisposeAsync();

    [Fact]
    public async Task Event_HasItsMembersAndPlausibleNames()
    {
        var events = await ListenAsync(seconds: 30);

        Assert.All(events, one => Assert.Equal("event mint price time: slot: signature index:", one.Members()));
        Assert.Equal(
            ["BuySellEvent", "FullCloseEvent", "LongShortEvent", "PartialCloseEvent"],
            events.Select(one => one.Text("event")).Distinct().Order());
        Assert.Equal(2, events.Select(one => one.Text("mint")).Distinct().Count());
        Assert.All(events, one => Assert.InRange(one.Text("mint").Length, 43, 44));
        Assert.All(events, one => Assert.InRange(one.Text("signature").Length, 85, 88));
        var slots = events.Select(one => one.Whole("slot")).ToList();
        Assert.InRange(slots.Max() - slots.Min(), 70, 76);
    }

    [Fact]
    public async Task Events_WithoutRepeatsInSlotOrder_AreTheTrades()
    {
        var events = await ListenAsync(seconds: 60);
        var mint = SolanaNames.Mint("BTC-USDT");
        var own = events.Where(one => one.Text("mint") == mint).ToList();
        var truth = (await _simulation.GetAsync($"/truth/trades?venue=solana&symbol={mint}&limit=100000"))
            .GetProperty("trades").EnumerateArray().ToList();
        var byPair = await _simulation.GetAsync("/truth/trades?venue=solana&symbol=BTC-USDT&limit=1");

        var once = own.DistinctBy(one => (one.Text("signature"), one.Whole("index"))).ToList();
        var ordered = once.OrderBy(one => one.Whole("slot")).ThenBy(one => one.Whole("index")).ToList();
        Assert.Equal(truth.Select(trade => trade.Text("price")), ordered.Select(one => one.Text("price")));
        Assert.Equal(truth.Select(trade => trade.Whole("time") / 1000), ordered.Select(one => one.Whole("time")));
        Assert.StartsWith("0.00009", ordered[0].Text("price"), StringComparison.Ordinal);
        Assert.Equal(truth[0].Text("price"), byPair.GetProperty("trades")[0].Text("price"));
        Assert.InRange(own.Count - once.Count, 1, own.Count / 100);
        Assert.NotEqual(ordered, once);
        Assert.InRange(once.Zip(ordered).Count(pair => pair.First.GetRawText() != pair.Second.GetRawText()), 2, own.Count / 25);
        Assert.Equal(events.Count - Repeats(events), events.Select(one => (one.Whole("slot"), one.Whole("index"))).Distinct().Count());
    }

    [Fact]
    public async Task Events_OfTheSameSeed_AreTheSame()
    {
        var first = await ListenAsync(seconds: 10);
        await using var again = await Simulation.StartAsync(Options);
        var second = await ListenAsync(again, seconds: 10);

        Assert.Equal(first.Select(one => one.GetRawText()), second.Select(one => one.GetRawText()));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("00", "1")]
    [InlineData("0000287fb4cd", "11233QC4")]
    [InlineData("48656c6c6f20576f726c6421", "2NEpo7TZRRrLZSi2U")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", "11111111111111111111111111111111")]
    public void Base58_OfKnownBytes_IsTheKnownText(string hex, string text) => Assert.Equal(text, Base58.Encode(Convert.FromHexString(hex)));

    [Fact]
    public void Mint_OfAName_IsAnAddressThatFollowsFromItAlone()
    {
        Assert.Equal(SolanaNames.Mint("BTC-USDT"), SolanaNames.Mint("BTC-USDT"));
        var mints = Enumerable.Range(0, 500).Select(i => SolanaNames.Mint($"COIN{i}-USDT")).ToList();
        Assert.Equal(500, mints.Distinct().Count());
        Assert.All(mints, mint => Assert.Matches("^[1-9A-HJ-NP-Za-km-z]{43,44}$", mint));
    }

    private static int Repeats(List<JsonElement> events) => events.Count - events.DistinctBy(one => one.GetRawText()).Count();

    private Task<List<JsonElement>> ListenAsync(int seconds) => ListenAsync(_simulation, seconds);

    private static async Task<List<JsonElement>> ListenAsync(Simulation simulation, int seconds)
    {
        await using var client = await simulation.ConnectAsync(simulation.Host.SolanaUri!, "/any/path");

        // Answered when the session is listening.
        await FenceAsync(client, []);
        simulation.Clock.Advance(TimeSpan.FromSeconds(seconds));
        List<JsonElement> events = [];
        await FenceAsync(client, events);
        return events;
    }

    private static async Task FenceAsync(RawClient client, List<JsonElement> events)
    {
        await client.SendAsync(9, "fence"u8.ToArray());
        while (await client.ReadFrameAsync() is { Opcode: 1 } frame)
        {
            events.Add(JsonSerializer.Deserialize<JsonElement>(Encoding.UTF8.GetString(frame.Payload)));
        }
    }
}
