using System.Text;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.TestKit;
using Pipeline.Venues.Solana;

namespace Pipeline.Tests.Venues.Solana;

public sealed class SolanaParserTests
{
    private const string Mint = "7xKXtg2CW87d97TXJSDpbD5jBkheTqA83TZRuJosgAsU";
    private const string Wrapped = "So11111111111111111111111111111111111111112";
    private const string Signature = "5VERv8NMvzbJMEkV8xnrLkEaWRtSz9CosKDYjCJjBRnbJLgp8uirBgmQpjKhoR4tjF3ZpRzrFmBV6UjKdiSZkQUW";

    private readonly ParserHarness _parser = new(MakeSource(Mint, Wrapped), SolanaOrderFreeReader.Read);

    public static TheoryData<string> Fixtures => [.. ParserHarness.Fixtures("solana").Select(path => Path.GetFileName(path))];

    [Theory]
    [InlineData(ProgramEvent.BuySellEvent, 0)]
    [InlineData(ProgramEvent.LongShortEvent, 1)]
    [InlineData(ProgramEvent.FullCloseEvent, 2)]
    [InlineData(ProgramEvent.PartialCloseEvent, 3)]
    public void Parse_Event_EveryField(ProgramEvent name, int index)
    {
        var batch = _parser.Parse(Fixture.Read($"solana/ws_{name}.json"));
        Assert.Equal(
            new VenuePriceTick(0, name, Number.Parse("0.0000123"), 301234567, index, 0, 88, 1794900000123),
            Assert.Single(batch.PriceTicks.Span.ToArray()));
        Assert.Equal(Signature, Encoding.UTF8.GetString(batch.Bytes.Span));
    }

    [Fact]
    public void Parse_PriceOf36Decimals_IsExact()
    {
        var tick = Assert.Single(_parser.Parse(Fixture.Read("solana/ws_BuySellEvent_tiny.json")).PriceTicks.Span.ToArray());
        Assert.Equal((1, "0.000000000000000000123456789012345678"), (tick.Symbol, tick.Price.ToString()));
    }

    [Fact]
    public void Parse_SignaturesAndDeadLetters_ShareTheBytes()
    {
        var batch = _parser.Parse(Fixture.Read("solana/ws_BuySellEvent.json"), "{"u8.ToArray(), Fixture.Read("solana/ws_FullCloseEvent.json"));
        var tick = batch.PriceTicks[1];
        Assert.Equal(Signature, Encoding.UTF8.GetString(batch.Bytes.Span.Slice(tick.SignatureAt, tick.SignatureLength)));
        Assert.Equal([MarketEventKind.PriceTick, MarketEventKind.DeadLetter, MarketEventKind.PriceTick], batch.Events.Span.ToArray().Select(e => e.Kind));
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void TryRead_UsualEvent_IsPredicted(string fixture)
    {
        // The quick reader looks beyond the end of a frame: it needs the padding a batch gives.
        var frames = FrameBatch.Of(_parser.Source, 1, Fixture.Read("solana/" + fixture));
        Assert.True(SolanaPredictiveReader.TryRead(frames[0], _parser.Source.Symbols, new VenueBatch()));
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Parse_ShuffledUnknownOrSpaced_SaysTheSame(string fixture) =>
        _parser.AssertDisguisesSayTheSame(Path.Combine(Fixture.RepositoryRoot, "tests", "fixtures", "solana", fixture));

    [Fact]
    public void Parse_RandomDamage_NeverThrowsAndPredictionNeverDisagrees() => _parser.AssertDamageNeverDisagrees("solana", 60_000);

    [Theory]
    [InlineData("unknown-event", "\"BuySellEvent\"", "\"MintEvent\"")]
    [InlineData("unknown-event", "\"BuySellEvent\"", "7")]
    [InlineData("unknown-event", "\"event\"", "\"type\"")]
    [InlineData("wrong-shape", "\"0.0000123\"", "0.0000123")]
    [InlineData("wrong-shape", "\"0.0000123\"", "\"1.23e-5\"")]
    [InlineData("wrong-shape", "\"0.0000123\"", "\"0.0000000000000000001234567890123456789\"")]
    [InlineData("wrong-shape", "\"mint\"", "\"coin\"")]
    [InlineData("wrong-shape", "\"signature\"", "\"sig\"")]
    [InlineData("wrong-shape", "\"slot\":301234567", "\"slot\":null")]
    [InlineData("impossible-value", "\"0.0000123\"", "\"0.000\"")]
    [InlineData("impossible-value", "\"index\":0", "\"index\":-1")]
    [InlineData("impossible-value", "\"slot\":301234567", "\"slot\":-1")]
    [InlineData("impossible-value", "1794900000123", "1794900000123000")]
    [InlineData("impossible-value", Mint, "0xKXtg2CW87d97TXJSDpbD5jBkheTqA83TZRuJosgAsU")]
    [InlineData("impossible-value", Mint, "tooShort")]
    [InlineData("malformed", "}", "")]
    [InlineData("malformed", "}", "} x")]
    public void Parse_BadFrame_IsADeadLetterWithItsReason(string reason, string part, string instead)
    {
        var frame = Encoding.UTF8.GetString(Fixture.Read("solana/ws_BuySellEvent.json")).Replace(part, instead, StringComparison.Ordinal);
        Assert.Equal(reason, _parser.ReasonOf(frame));
    }

    [Fact]
    public void Parse_MintNotAskedFor_IsUnwanted()
    {
        var batch = new ParserHarness(MakeSource(Wrapped), SolanaOrderFreeReader.Read).Parse(Fixture.Read("solana/ws_BuySellEvent.json"));
        Assert.Equal((1, 0, 0), (batch.Unwanted, batch.Events.Count, batch.Bytes.Count));
    }

    [Fact]
    public void Parse_UnknownMintsOfADiscoveringTable_AreRegisteredUpToTheBound()
    {
        var registry = new InstrumentRegistry();
        registry.GetOrAdd("binance", "BTC-USDT", "BTCUSDT");
        var symbols = new SymbolTable(mint => registry.GetOrAdd("solana", mint, mint), mostDiscovered: 1);
        var parser = new ParserHarness(new FeedSource("solana", "solana-1", new SolanaParser(), symbols, 1000), SolanaOrderFreeReader.Read);

        var batch = parser.Parse(
            Fixture.Read("solana/ws_BuySellEvent.json"), Fixture.Read("solana/ws_BuySellEvent_tiny.json"), Fixture.Read("solana/ws_FullCloseEvent.json"));

        Assert.Equal([0, 0], batch.PriceTicks.Span.ToArray().Select(tick => tick.Symbol));
        Assert.Equal((1, 1, $"solana:{Mint}"), (batch.Unwanted, symbols[0].Index, symbols[0].Key));
        Assert.Equal(2, registry.All.Count);
    }

#if !DEBUG
    // Unoptimised code boxes what optimised code does not: the claim is about what ships.
    [Fact]
    public void Parse_SteadyState_AllocatesNothing()
    {
        var (bytes, frames) = _parser.MeasureAllocation("solana");
        Assert.InRange(bytes, 0, frames / 10);
    }
#endif

    private static FeedSource MakeSource(params string[] mints)
    {
        var symbols = new SymbolTable();
        for (var i = 0; i < mints.Length; i++)
        {
            symbols.Add(new Instrument(i, "solana", mints[i], mints[i]));
        }

        return new FeedSource("solana", "solana-1", new SolanaParser(), symbols, 1000);
    }
}
