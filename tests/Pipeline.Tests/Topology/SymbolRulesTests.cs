using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Simulator.World;

namespace Pipeline.Tests.Topology;

public sealed class SymbolRulesTests
{
    private static readonly string[] Values =
    [
        "0.00000001", "0.000000001", "0.00000005", "0.0001", "0.01", "0.03", "0.5", "1", "1.5", "7", "49.99", "50", "99.99", "100", "700",
        "9999.99", "10000", "10000.00000001", "10000.5", "10001", "999999.99", "1000000", "10000000", "10000000.01",
        "123456789.12345678", "999999999999999999",
        "0.000000000000000000000000000000000001",
    ];

    // What one of them takes and the other refuses would pass the check and end the start.
    [Fact]
    public void Read_Prices_AreRefusedExactlyWhenTheSimulatorRefusesThem() =>
        Assert.All(Values.SelectMany(price => Values.Select(step => (price, step))), one => AssertSame(one.price, one.step, "1"));

    [Fact]
    public void Read_QuantityStep_IsRefusedExactlyWhenTheSimulatorRefusesIt() =>
        Assert.All(Values, step => AssertSame("100", "1", step));

    private static void AssertSame(string price, string priceStep, string quantityStep)
    {
        var text = $"simulator: {{symbols: {{BTC-USDT: {{price: {price}, priceStep: {priceStep}, quantityStep: {quantityStep}}}}}}}";
        var symbol = new SimulatedSymbol("BTC-USDT", Number.Parse(price), Number.Parse(priceStep), Number.Parse(quantityStep));

        Assert.Equal(CanSimulate(symbol), TopologyText.ReadWith(text).Errors.Count == 0);
    }

    private static bool CanSimulate(SimulatedSymbol symbol)
    {
        try
        {
            return SymbolSpec.From(0, SimulatedVenue.BinanceSpot, new ListedSymbol("BTCUSDT", false), symbol).Symbol == "BTCUSDT";
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
