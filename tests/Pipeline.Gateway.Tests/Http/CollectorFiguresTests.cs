using Pipeline.Gateway.Tests.Hosting;

namespace Pipeline.Gateway.Tests.Http;

/// <summary>The page reads figures of the pools where it reads those of the streams.</summary>
public sealed class CollectorFiguresTests
{
    [Fact]
    public async Task Streams_TellWhatCollectorsSay_OfOneVenueWhenAsked()
    {
        await using var gateway = await RunningGateway.StartAsync();
        var now = RunningGateway.Now;
        gateway.Source.AddStatus("collector-1", "okx", "starting", now);
        gateway.Source.AddStatus("collector-1", "okx", "running", now);
        gateway.Source.AddStatus("collector-1", "binance", "running", now);
        await gateway.UntilToldAsync(3);

        var all = (await gateway.GetAsync("/api/streams"))["collectors"]!.AsArray();
        Assert.Equal(["binance running", "okx running"], all.Select(row => $"{row!["venue"]} {row["state"]}"));
        var one = (await gateway.GetAsync("/api/streams?venue=okx"))["collectors"]!.AsArray();
        Assert.Equal("okx", (string)Assert.Single(one)!["venue"]!);
    }
}
