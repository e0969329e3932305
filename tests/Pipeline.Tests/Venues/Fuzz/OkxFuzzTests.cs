using Pipeline.Venues.Okx;
using Xunit.Abstractions;

namespace Pipeline.Tests.Venues.Fuzz;

public sealed class OkxFuzzTests(ITestOutputHelper output) : ParserFuzzTests(output)
{
    private static readonly string[] Symbols = ["BTC-USDT", "BTC-USDT-SWAP", "ETH-USDT"];

    [Fact]
    public void Parse_ChangedFrames_YieldWhatTheOracleReads() => Fuzz("okx", new OkxParser(), Symbols, new OkxOracle(Symbols));
}
