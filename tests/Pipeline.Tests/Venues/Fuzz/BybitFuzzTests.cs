using Pipeline.Venues.Bybit;
using Xunit.Abstractions;

namespace Pipeline.Tests.Venues.Fuzz;

public sealed class BybitFuzzTests(ITestOutputHelper output) : ParserFuzzTests(output)
{
    private static readonly string[] Symbols = ["BTCUSDT", "ETHUSDT"];

    [Fact]
    public void Parse_ChangedFrames_YieldWhatTheOracleReads() => Fuzz("bybit", new BybitParser(), Symbols, new BybitOracle(Symbols));
}
