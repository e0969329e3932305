using System.Globalization;
using System.Text.Json;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.Tests.Hosting;
using Pipeline.Gateway.WebSockets;

namespace Pipeline.ForeignClientTests;

/// <summary>The TypeScript client, as it is built for users, against the gateway itself over a log in memory.</summary>
public sealed class ClientLibraryTests
{
    [Fact]
    public async Task Client_CutAndGivenAnotherLog_ResumesOrSaysThatItCannot()
    {
        await using var gateway = await RunningGateway.StartAsync();
        AddInstrument(gateway);
        gateway.Source.AddHealth("binance:BTC-USDT:trade", "fresh", "first-data", RunningGateway.Now);
        await RunningGateway.UntilAsync(() => gateway.Host.Hub.Counts.Records == 2);
        var library = Path.Combine(ForeignClient.Root, "artifacts", "web", "client", "index.js");
        Assert.True(File.Exists(library), $"The client library was not built ({library}); make web does it.");

        var seen = await Browser.ConverseAsync(
            "client.mjs", what => BringAbout(gateway, what), gateway.Address.ToString(), library);

        var ids = seen.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()).ToList();
        Assert.Equal(Enumerable.Range(1, 100), ids.Take(100));

        // Of another log there is the state it has come to, and what follows: trades before are the snapshot's affair.
        Assert.Equal(210, ids[^1]);
        Assert.All(ids.Skip(100), id => Assert.InRange(id, 201, 210));
        Assert.Equal((1, 0, 1), (Number(seen, "streams"), Number(seen, "duplicates"), Number(seen, "reconnects")));
        Assert.All(seen.GetProperty("resumed").EnumerateArray(), one => Assert.True(one.GetBoolean()));
        Assert.Empty(seen.GetProperty("holes").EnumerateArray());
        Assert.True(seen.GetProperty("ofAnotherLog").GetBoolean());
        Assert.Equal(["f1", "f2"], Texts(seen, "filters"));
        Assert.Equal(["UNKNOWN_OP", "INVALID_FILTER"], Texts(seen, "refusals"));
        Assert.Contains("4006 the gateway needs memory and lets slow clients go", Texts(seen, "states"));
    }

    private static Task BringAbout(RunningGateway gateway, string what)
    {
        var words = what.Split(' ');
        var last = int.Parse(words[^1], CultureInfo.InvariantCulture);
        switch (words[0])
        {
            case "trades":
                AddTrades(gateway, int.Parse(words[1], CultureInfo.InvariantCulture), last);
                break;
            case "cut":
                gateway.Host.Links.CloseAll(CloseCodes.MemoryShed.Code, "MEMORY retryAfterMs=100 reconnect=yes");
                AddTrades(gateway, 51, last);
                break;
            case "log":
                gateway.Source.Begin("log-2");
                AddInstrument(gateway);
                AddTrades(gateway, int.Parse(words[1], CultureInfo.InvariantCulture), last);
                break;
        }

        return Task.CompletedTask;
    }

    private static void AddTrades(RunningGateway gateway, int first, int last)
    {
        for (var id = first; id <= last; id++)
        {
            gateway.Source.AddTrade(id, RunningGateway.Now);
        }
    }

    private static void AddInstrument(RunningGateway gateway) => gateway.Source.Add(
        TopicKind.Instruments,
        "binance:BTC-USDT",
        """{"venue":"binance","instrument":"BTC-USDT","symbol":"BTCUSDT","kind":"spot","base":"BTC","quote":"USDT","priceStep":"0.01","quantityStep":"0.00001","contractSize":null,"status":"trading","aliases":["BTC/USDT","BINANCE:BTCUSDT","BTCUSDT"],"revision":1,"updatedTime":1794900000000000}""",
        RunningGateway.Now);

    private static int Number(JsonElement seen, string name) => seen.GetProperty(name).GetInt32();

    private static List<string> Texts(JsonElement seen, string name) => [.. seen.GetProperty(name).EnumerateArray().Select(one => one.GetString()!)];
}
