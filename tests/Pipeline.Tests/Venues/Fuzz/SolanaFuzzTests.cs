using Pipeline.Venues.Solana;
using Xunit.Abstractions;

namespace Pipeline.Tests.Venues.Fuzz;

public sealed class SolanaFuzzTests(ITestOutputHelper output) : ParserFuzzTests(output)
{
    private static readonly string[] Symbols = ["7xKXtg2CW87d97TXJSDpbD5jBkheTqA83TZRuJosgAsU", "So11111111111111111111111111111111111111112"];

    [Fact]
    public void Parse_ChangedFrames_YieldWhatTheOracleReads() => Fuzz("solana", new SolanaParser(), Symbols, new SolanaOracle(Symbols));
}
