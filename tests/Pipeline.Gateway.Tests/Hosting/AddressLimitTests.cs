using System.Net;
using Pipeline.Core.Topology;
using Pipeline.Gateway.Tests.Candles;
using Pipeline.Gateway.Tests.Security;

namespace Pipeline.Gateway.Tests.Hosting;

/// <summary>That <c>/ws</c> and the candle service count together for an address, over real sockets.</summary>
public sealed class AddressLimitTests
{
    private const string Trades = """{"op":"subscribe","id":"1","filters":{"dataTypes":["trade"]}}""";

    [Fact]
    public async Task Streams_OfBothServices_AreOneSum_ForWhomTheProxyNames()
    {
        var options = new GatewayOptions { Limits = new GatewayLimits { MaxStreamsPerAddress = 2 }, TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")] };
        await using var gateway = await CandleClient.StartAsync(options);
        gateway.Source.AddInstrument("binance", "BTC-USDT", "BTCUSDT");
        gateway.Source.AddTrade(1, RunningGateway.Now);
        await gateway.UntilToldAsync(2);
        using var one = await WsClient.OpenAsync(gateway, "198.51.100.1");
        using var candles = await CandleClient.JoinAsync(gateway, "198.51.100.1");
        using var other = await CandleClient.JoinAsync(gateway, "198.51.100.2");

        Assert.Equal("ack", (string)(await WsClient.AskAsync(one, Trades))["type"]!);
        Assert.Equal("subscription_confirmed", await CandleClient.SubscribeAsync(candles, "m1"));
        Assert.Equal("error SUBSCRIPTION_LIMIT", await CandleClient.SubscribeAsync(candles, "m5"));
        Assert.Equal("subscription_confirmed", await CandleClient.SubscribeAsync(other, "m1"));
        Assert.Equal("subscription_confirmed", await CandleClient.SubscribeAsync(other, "m5"));
        await WsClient.AskAsync(one, """{"op":"unsubscribe"}""");
        Assert.Equal("subscription_confirmed", await CandleClient.SubscribeAsync(candles, "m5"));
        Assert.Equal("SUBSCRIPTION_LIMIT", (string)(await WsClient.AskAsync(one, Trades))["code"]!);
        Assert.Equal(2, AddressQuotaTests.Refused(gateway.Metrics, "streams"));
    }

    [Fact]
    public async Task Messages_OfBothServices_AreOneSum()
    {
        var options = new GatewayOptions { Limits = new GatewayLimits { MaxMessagesPerSecondPerAddress = 1 } };
        await using var gateway = await CandleClient.StartAsync(options);
        using var one = await WsClient.OpenAsync(gateway);
        using var candles = await CandleClient.JoinAsync(gateway);
        var began = TimeProvider.System.GetTimestamp();
        Assert.InRange(await CountAsync(async () => (string?)(await WsClient.AskAsync(one, """{"op":"ping"}"""))["code"] == "RATE_LIMITED"), 5, 100);

        // Its five at once are gone; but each second that has passed meanwhile has another.
        Assert.InRange(await CountAsync(async () => await CandleClient.SubscribeAsync(candles, "m7") == "error RATE_LIMITED"), 0, 4 + (int)TimeProvider.System.GetElapsedTime(began).TotalSeconds);
        Assert.Equal(2, AddressQuotaTests.Refused(gateway.Metrics, "messages"));

        static async Task<int> CountAsync(Func<Task<bool>> isRefused)
        {
            var count = 0;
            while (!await isRefused())
            {
                count++;
            }

            return count;
        }
    }
}
