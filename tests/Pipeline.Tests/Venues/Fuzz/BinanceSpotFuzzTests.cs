using Pipeline.Venues.Binance;
using Xunit.Abstractions;

namespace Pipeline.Tests.Venues.Fuzz;

public sealed class BinanceSpotFuzzTests(ITestOutputHelper output) : ParserFuzzTests(output)
{
    private static readonly string[] Symbols = ["BTCUSDT", "\u5e01\u5b89\u4eba\u751fUSDT", "ETHUSDT"];

    [Fact]
    public void Parse_ChangedFrames_YieldWhatTheOracleReads() => Fuzz("binance", new BinanceSpotParser(), Symbols, new BinanceOracle(Symbols, isFutures: false));
}
