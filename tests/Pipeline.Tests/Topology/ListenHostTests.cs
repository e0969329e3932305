using System.Net;
using Pipeline.Core.Topology;

namespace Pipeline.Tests.Topology;

public sealed class ListenHostTests
{
    private static readonly Dictionary<string, string> Everywhere = new() { [ListenHost.Variable] = "0.0.0.0" };

    [Fact]
    public void Read_ListenInTheEnvironment_GoesBeforeLoopbackOfEveryServer()
    {
        var topology = TopologyText.ReadWith(
            """
            collector: {listen: http://127.0.0.1:8081}
            gateway: {listen: http://localhost:8080}
            simulator:
              okxListen: http://127.0.0.1:9445
              symbols: {BTC-USDT: {price: 100, priceStep: 1, quantityStep: 1}}
            """,
            Everywhere).Require();

        Assert.Equal("http://0.0.0.0:8081/", topology.Collector.Listen.ToString());
        Assert.Equal("http://0.0.0.0:8080/", topology.Gateway!.Listen.ToString());
        Assert.Equal("http://0.0.0.0:5051/", topology.Candles.Service.Listen!.ToString());
        Assert.Equal("http://0.0.0.0:9400/", topology.Simulator!.ControlListen.ToString());
        Assert.Equal(["http://0.0.0.0:9443/", "http://0.0.0.0:9445/"], topology.Simulator.VenueListens.Select(one => one.Address.ToString()));
    }

    [Fact]
    public void Read_ListenInTheEnvironment_LeavesOtherAddressesAlone()
    {
        var topology = TopologyText.ReadWith("collector: {listen: http://10.0.0.7:8081}", Everywhere).Require();

        Assert.Equal("http://10.0.0.7:8081/", topology.Collector.Listen.ToString());
        Assert.Null(topology.Gateway);
        Assert.Null(topology.Simulator);
    }

    [Fact]
    public void Apply_AddressOfVersionSix_IsAUri() =>
        Assert.Equal("http://[::]:8081/", ListenHost.Apply(new TopologyFile(), IPAddress.IPv6Any).Collector.Listen.ToString());

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void Read_NoListenInTheEnvironment_ListensAtLoopback(string variable)
    {
        var topology = TopologyText.Read(TopologyText.Minimal, new() { [ListenHost.Variable] = variable }).Require();

        Assert.Equal("http://127.0.0.1:8081/", topology.Collector.Listen.ToString());
    }

    [Fact]
    public void Read_BadListenInTheEnvironment_NamesTheVariable()
    {
        var error = Assert.Single(TopologyText.Read(TopologyText.Minimal, new() { [ListenHost.Variable] = "everywhere" }).Errors);

        Assert.Equal("'everywhere' is no address to listen on", error.Message);
        Assert.Contains(ListenHost.Variable, error.Hint, StringComparison.Ordinal);
    }
}
