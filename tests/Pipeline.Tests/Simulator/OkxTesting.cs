using System.Text.Json;
using Pipeline.Core.Topology;
using Pipeline.Simulator.Okx;

namespace Pipeline.Tests.Simulator;

/// <summary>Shared steps of the OKX tests.</summary>
internal static class OkxTesting
{
    public const string Spot = "BTC-USDT";
    public const string Swap = "BTC-USDT-SWAP";

    public static Task<VenueSimulation> StartAsync(SimulatorOptions? options = null) =>
        VenueSimulation.StartAsync(clock => new OkxDialect(clock), options);

    /// <summary>Connects, a second after whoever connected before: three a second are taken.</summary>
    public static async Task<FencedClient> ConnectAsync(this VenueSimulation simulation, bool business = false)
    {
        simulation.Advance(1);
        return new FencedClient(await simulation.ConnectAsync(business ? "/ws/v5/business" : "/ws/v5/public"), "ping", "pong");
    }

    public static string Request(string operation, params string[] args) =>
        $$"""{"op":"{{operation}}","args":[{{string.Join(',', args)}}]}""";

    public static string Arg(string channel, string instrument = Spot, string key = "instId") =>
        $$"""{"channel":"{{channel}}","{{key}}":"{{instrument}}"}""";

    /// <summary>Subscribes and checks that every argument is acknowledged.</summary>
    public static async Task SubscribeAsync(this FencedClient client, params string[] args)
    {
        var answers = await client.AskAsync(Request("subscribe", args));
        Assert.Equal(
            args.Order(),
            answers.Where(answer => answer.IsEvent("subscribe")).Select(answer => answer.GetProperty("arg").GetRawText()).Order());
    }

    public static bool IsEvent(this JsonElement frame, string name) =>
        frame.TryGetProperty("event", out var value) && value.GetString() == name;

    /// <summary>Rows of a channel, in order.</summary>
    public static IEnumerable<JsonElement> Rows(this IEnumerable<JsonElement> frames, string channel) =>
        frames.Of(channel).SelectMany(frame => frame.GetProperty("data").EnumerateArray());

    /// <summary>Data frames of a channel.</summary>
    public static IEnumerable<JsonElement> Of(this IEnumerable<JsonElement> frames, string channel) => frames.Where(frame =>
        !frame.TryGetProperty("event", out _) && frame.GetProperty("arg").GetProperty("channel").GetString() == channel);
}
