using Pipeline.Core.Market;
using Pipeline.Kafka.Reader;
using Pipeline.Kafka.Verification;

namespace Pipeline.Tests.Kafka.Verification;

public sealed partial class LogProofTests
{
    private const long Start = ProofLog.Start;

    [Theory]
    [InlineData("gaps", "trades", "candles")]
    [InlineData("candles", "gaps", "trades")]
    public void Log_AsContracted_IsProven(params string[] order)
    {
        var (proof, findings) = ProofLog.Good().Prove(order: order);
        Assert.Empty(findings.Kept);
        Assert.Equal(100, proof.Counts.Ids);

        // Nine windows of 1 s and one of 5 s are over.
        Assert.Equal(10, proof.Counts.CandlesEqual);
        Assert.Equal(3, proof.Counts.OpenWindows);
    }

    [Fact]
    public void Trade_Lost_IsAnUnannouncedLossWithItsId()
    {
        var log = WithHole(140, 141, repaired: false);
        var (_, findings) = log.Prove();
        var finding = Assert.Single(findings.Kept, one => one.Kind == FindingKind.UnannouncedLoss);
        Assert.Equal((ProofLog.Key, 40L, "md.trades", 3), (finding.Instrument, finding.Offset, finding.Topic, finding.Partition));
        Assert.Contains("140…141", finding.What, StringComparison.Ordinal);
        Assert.Contains(findings.Kept, one => one.Kind == FindingKind.FalselyComplete);
    }

    [Fact]
    public void Trade_Twice_IsADuplicate()
    {
        var log = ProofLog.Good();
        log.Add("trades", ProofLog.Key, ProofLog.TradeJson(150));
        AssertOnly(log, FindingKind.Duplicate, 100, "trade 150");
    }

    [Fact]
    public void Trades_Swapped_AreOutOfOrder()
    {
        var log = ProofLog.Good();
        log.Change("trades", 50, _ => ProofLog.TradeJson(151));
        log.Change("trades", 51, _ => ProofLog.TradeJson(150));
        var (_, findings) = log.Prove();
        Assert.Contains(findings.Kept, one => one.Kind == FindingKind.OutOfOrder && one.Offset == 51 && one.What.Contains("live trade 150", StringComparison.Ordinal));
    }

    [Fact]
    public void Trades_RepairedBehindAnAnnouncedGap_AreProven()
    {
        var log = WithHole(140, 144, repaired: true);
        log.Gap(140, 144, "open", 40, missing: (140, 144));
        log.Gap(140, 144, "open", 40, missing: (142, 144));
        log.Gap(140, 144, "repaired", 100);
        var (proof, findings) = log.Prove();
        Assert.Empty(findings.Kept);
        Assert.Equal(5, proof.Counts.RepairedIds);
        Assert.Equal(1, proof.Counts.Holes);
    }

    [Fact]
    public void Trades_RepairedWithoutAGap_AreOutOfOrder()
    {
        AssertOnly(WithHole(140, 144, repaired: true), FindingKind.OutOfOrder, 95, "140…144");
    }

    [Fact]
    public void Trades_RepairedBehindTheEndOfTheirGap_AreOutOfOrder()
    {
        var log = WithHole(140, 144, repaired: true);
        log.Gap(140, 144, "open", 40, missing: (140, 144));
        log.Gap(140, 144, "repaired", 97);
        AssertOnly(log, FindingKind.OutOfOrder, 99, "behind the end of their gap");
    }

    [Fact]
    public void Trades_RepairedInFallingOrder_AreOutOfOrder()
    {
        var log = WithHole(140, 144, repaired: true);
        log.Gap(140, 144, "open", 40, missing: (140, 144));
        log.Gap(140, 144, "repaired", 100);
        log.Change("trades", 96, _ => ProofLog.TradeJson(142, "repair"));
        log.Change("trades", 97, _ => ProofLog.TradeJson(141, "repair"));
        AssertOnly(log, FindingKind.OutOfOrder, 97, "repaired trade 141");
    }

    [Fact]
    public void Gap_OpenedBehindALaterTrade_IsAnnouncedLate()
    {
        var log = WithHole(140, 144, repaired: true);
        log.Gap(140, 144, "open", 42, missing: (140, 144));
        log.Gap(140, 144, "repaired", 100);
        AssertOnly(log, FindingKind.AnnouncedLate, 40, "42");
    }

    [Fact]
    public void Gap_CalledRepairedWithAnIdMissing_IsALoss()
    {
        var log = WithHole(140, 144, repaired: false);
        log.Gap(140, 144, "open", 40, missing: (140, 144));
        log.Gap(140, 144, "repaired", 95);
        var (_, findings) = log.Prove();
        Assert.Contains(findings.Kept, one => one.Kind == FindingKind.LostAfterRepair && one.Offset == 1 && one.What.Contains("140…144", StringComparison.Ordinal));
        Assert.Contains(findings.Kept, one => one.Kind == FindingKind.FalselyComplete);
    }

    [Fact]
    public void Gap_OpenAtTheEnd_CannotBeProven()
    {
        var log = WithHole(140, 144, repaired: false);
        log.Gap(140, 144, "open", 40, missing: (140, 144));
        var (_, findings) = log.Prove();
        Assert.Equal(FindingKind.StillOpen, Assert.Single(findings.Kept, one => one.Severity == FindingSeverity.CannotProve).Kind);
    }

    [Theory]
    [InlineData("abandoned", FindingKind.Abandoned)]
    [InlineData("venue-silent", FindingKind.VenueSilent)]
    public void Gap_GivenUpOrProvenEmpty_IsToldAsSuch(string state, object kind)
    {
        var log = WithHole(140, 144, repaired: false, complete: state == "venue-silent");
        log.Gap(140, 144, "open", 40, missing: (140, 144));
        log.Gap(140, 144, state, 95, missing: (140, 144));
        var (proof, findings) = log.Prove();
        Assert.Equal((FindingKind)kind, Assert.Single(findings.Kept).Kind);
        Assert.Equal(5, proof.Counts.AbandonedIds + proof.Counts.SilentIds);
    }

    [Fact]
    public void Gap_EndedAndNeverOpened_IsNamed()
    {
        var log = ProofLog.Good();
        log.Gap(140, 144, "repaired", 100);
        AssertOnly(log, FindingKind.GapNotOpened, 0, "140…144", "md.gaps");
    }

    [Fact]
    public void Gap_RepairedWhileTradesWereHeld_NeedsNoOpening()
    {
        var log = ProofLog.Good();
        log.Gap(140, 144, "repaired", 100, announced: false);
        Assert.Empty(log.Prove().Findings.Kept);
    }

    [Fact]
    public void Gap_OpenAgain_OrMissingMore_OrOutsideItsRange_IsNamed()
    {
        var again = ProofLog.Good();
        again.Gap(140, 144, "open", 40, missing: (140, 144));
        again.Gap(140, 144, "repaired", 100);
        again.Gap(140, 144, "open", 100, missing: (140, 144));
        Assert.Contains(again.Prove().Findings.Kept, one => one.Kind == FindingKind.GapReopened && one.Offset == 2);
        var more = ProofLog.Good();
        more.Gap(140, 144, "open", 40, missing: (142, 144));
        more.Gap(140, 144, "open", 40, missing: (141, 144));
        more.Gap(140, 144, "repaired", 100);
        AssertOnly(more, FindingKind.WrongGap, 1, "141…144", "md.gaps");
        var outside = ProofLog.Good();
        outside.Gap(140, 144, "open", 40, missing: (140, 145));
        AssertOnly(outside, FindingKind.WrongGap, 0, "140…145", "md.gaps");
    }

    [Theory]
    [InlineData("open", "91")]
    [InlineData("high", "99999")]
    [InlineData("low", "1")]
    [InlineData("close", "91")]
    [InlineData("volume", "7.5")]
    [InlineData("quoteVolume", "7.5")]
    [InlineData("takerBuyVolume", "7.5")]
    [InlineData("trades", null)]
    [InlineData("firstId", null)]
    [InlineData("lastId", null)]
    public void Candle_WithOneWrongField_NamesIt(string field, string? text)
    {
        var log = ProofLog.Good();
        var record = log.CandleRecord("1s", Start + 3_000_000);
        log.Change("candles", record.Offset, json => System.Text.RegularExpressions.Regex.Replace(
            json, $"\"{field}\":(\"[^\"]*\"|[0-9]+)", text is null ? $"\"{field}\":4" : $"\"{field}\":\"{text}\""));
        AssertOnly(log, FindingKind.WrongCandle, record.Offset, $"{field} is {text ?? "4"}", "md.candles");
    }

    [Fact]
    public void Candle_WrongButIncomplete_CannotBeProven()
    {
        var log = ProofLog.Good();
        var record = log.CandleRecord("5s", Start);
        log.Change("candles", record.Offset, json => json.Replace("\"trades\":50", "\"trades\":49", StringComparison.Ordinal).Replace("\"complete\":true", "\"complete\":false", StringComparison.Ordinal));
        AssertOnly(log, FindingKind.IncompleteDiffers, record.Offset, "trades is 49", "md.candles");
    }

    [Fact]
    public void Candle_FormingAfterItsFinal_IsNamed()
    {
        var log = ProofLog.Good();
        var late = log.Candle(ProofLog.Intervals[0], Start + 2_000_000, "forming", 0);
        AssertOnly(log, FindingKind.FormingAfterFinal, late.Offset, $"1s candle of {Start + 2_000_000}", "md.candles");
    }

    [Fact]
    public void Candle_FinalTwice_IsNamed()
    {
        var log = ProofLog.Good();
        var again = log.Candle(ProofLog.Intervals[0], Start + 2_000_000, "final", 0);
        AssertOnly(log, FindingKind.SecondFinal, again.Offset, $"{Start + 2_000_000}", "md.candles");
    }

    [Fact]
    public void Candle_WithoutAFinal_IsNamed()
    {
        var log = ProofLog.Good();
        var record = log.CandleRecord("1s", Start + 4_000_000);
        log.Change("candles", record.Offset, json => json.Replace("\"final\"", "\"forming\"", StringComparison.Ordinal));
        AssertOnly(log, FindingKind.MissingFinal, -1, $"1s candle of {Start + 4_000_000} has no final; it has 10 trades, ids 140…149", "md.candles");
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(2, FindingKind.WrongRevision)]
    public void Candle_Revised_MustCountUpByOne(int revision, object? kind)
    {
        var log = ProofLog.Good();
        var revised = log.Candle(ProofLog.Intervals[0], Start + 2_000_000, "revised", revision);
        var findings = log.Prove().Findings.Kept;
        Assert.Equal(kind is null ? [] : [((FindingKind)kind, revised.Offset)], findings.Select(one => (one.Kind, one.Offset)));
    }

    [Fact]
    public void Candle_RevisedToWhatItsTradesMake_CountsAsItsLastRecord()
    {
        var log = ProofLog.Good();
        log.Change("candles", log.CandleRecord("1s", Start + 2_000_000).Offset, json => json.Replace("\"trades\":10", "\"trades\":9", StringComparison.Ordinal));
        log.Candle(ProofLog.Intervals[0], Start + 2_000_000, "revised", 1);
        Assert.Empty(log.Prove().Findings.Kept);
    }

    [Theory]
    [InlineData("90000", false)]
    [InlineData(null, true)]
    public void Candle_ThatCarries_MustCarryTheCloseBefore(string? price, bool isRight)
    {
        var log = new ProofLog();
        foreach (var id in new long[] { 100, 101, 102, 103, 104, 105, 106, 107, 108, 109 })
        {
            log.Trade(id);
        }

        log.Candle(ProofLog.Intervals[0], Start, "final", 0);
        var close = price ?? ProofLog.Text($"{ProofLog.PriceOf(109)}");
        var carried = log.Add("candles", $"{ProofLog.Key}:1s:{Start + 1_000_000}", $$"""{"venue":"binance","instrument":"BTC-USDT","interval":"1s","openTime":{{Start + 1_000_000}},"closeTime":{{Start + 2_000_000}},"open":"{{close}}","high":"{{close}}","low":"{{close}}","close":"{{close}}","volume":"0","quoteVolume":"0","takerBuyVolume":"0","trades":0,"firstId":-1,"lastId":-1,"state":"final","revision":0,"complete":true,"updates":1,"source":"trades"}""");
        var findings = log.Prove().Findings.Kept;
        Assert.Equal(isRight ? [] : [(FindingKind.WrongCarry, carried.Offset)], findings.Select(one => (one.Kind, one.Offset)));
    }

    [Fact]
    public void Record_OfAStaleEpoch_IsLeftOutAndCounted()
    {
        var log = ProofLog.Good();
        log.Add("trades", ProofLog.Key, ProofLog.TradeJson(150), epoch: 6);
        AssertOnly(log, FindingKind.StaleEpoch, 100, "epoch 6 after 7");
    }

    [Fact]
    public void Log_WhoseStartWasDeleted_CannotBeProvenAndNamesTheOffsets()
    {
        var log = ProofLog.Good();
        log.Records.RemoveAll(record => record.Topic == "md.trades" && record.Offset < 20);
        var (_, findings) = log.Prove();
        Assert.Contains(findings.Kept, one => one.Kind == FindingKind.DeletedBeforeRead && one.What.Contains("offsets 0 to 19", StringComparison.Ordinal));
        Assert.Contains(findings.Kept, one => one.Kind == FindingKind.BeforeFirstTrade && one.Topic == "md.candles");
        Assert.Equal(0, findings.CountOf(FindingSeverity.Contradiction));
    }

    [Fact]
    public void Log_OvertakenByRetention_CannotBeProvenAndNamesTheOffsets()
    {
        var log = ProofLog.Good();
        log.Records.RemoveAll(record => record.Topic == "md.trades" && record.Offset is >= 30 and < 40);
        var (_, findings) = log.Prove();
        Assert.Contains(findings.Kept, one => one.Kind == FindingKind.DeletedBeforeRead && one.What.Contains("offsets 30 to 39", StringComparison.Ordinal));
        Assert.Contains(findings.Kept, one => one.Kind == FindingKind.DeletedBeforeRead && one.Instrument == ProofLog.Key);
        Assert.Equal(0, findings.CountOf(FindingSeverity.Contradiction));
    }

    [Theory]
    [InlineData("{\"venue\":\"binance\"", "is no JSON")]
    [InlineData("[]", "is no object")]
    [InlineData("{\"venue\":\"okx\"}", "wrong venue")]
    [InlineData("{\"venue\":\"binance\",\"instrument\":\"BTC-USDT\"}", "has no id")]
    public void Record_ThatIsNone_IsNamed(string json, string reason)
    {
        var log = ProofLog.Good();
        log.Add("trades", ProofLog.Key, json);
        AssertOnly(log, FindingKind.BadRecord, 100, reason);
    }

    [Theory]
    [InlineData("candles", ProofLog.Key + ":1s:5", "{}")]
    [InlineData("gaps", ProofLog.Key + ":5", "{}")]
    public void Record_OfAnotherTopicThatIsNone_IsNamed(string topic, string key, string json)
    {
        var log = ProofLog.Good();
        var bad = log.Add(topic, key, json);
        AssertOnly(log, FindingKind.BadRecord, bad.Offset, "the value", $"md.{topic}");
    }

    [Fact]
    public void Rows_OfRanges_CoverTheirIdsOnce()
    {
        var log = new ProofLog();
        foreach (var (first, last) in new[] { (100, 102), (103, 103), (104, 110) })
        {
            log.Add("trades", ProofLog.Key, ProofLog.TradeJson(last).Replace("\"price\"", $"\"firstId\":{first},\"price\"", StringComparison.Ordinal));
        }

        var options = new ProofOptions { RulesOf = _ => new ProofRules { Ids = IdDiscipline.Ranges }, Candles = false };
        var (proof, findings) = log.Prove(options);
        Assert.Empty(findings.Kept);
        Assert.Equal(11, proof.Counts.Ids);
        log.Add("trades", ProofLog.Key, ProofLog.TradeJson(112).Replace("\"price\"", "\"firstId\":110,\"price\"", StringComparison.Ordinal));
        Assert.Equal(FindingKind.Duplicate, Assert.Single(log.Prove(options).Findings.Kept, one => one.Severity == FindingSeverity.Contradiction).Kind);
    }

    [Fact]
    public void Ids_ThatSayNothingOfHoles_AreNeverAPass()
    {
        var log = ProofLog.Good();
        log.Add("trades", ProofLog.Key, ProofLog.TradeJson(150));
        var (_, findings) = log.Prove(new ProofOptions { RulesOf = _ => new ProofRules { Ids = IdDiscipline.Unordered }, Candles = false });
        Assert.Equal([FindingKind.Duplicate, FindingKind.UnorderedIds], findings.Kept.Select(one => one.Kind));
    }

    [Fact]
    public void Reset_OfTheVenuesCount_BeginsAnew()
    {
        var log = ProofLog.Good();
        log.Records.RemoveAll(record => record.Topic == "md.candles");
        for (var id = 5; id < 10; id++)
        {
            log.Add("trades", ProofLog.Key, ProofLog.TradeJson(id).Replace("eventTime\":17", "eventTime\":18", StringComparison.Ordinal));
        }

        var options = new ProofOptions { Candles = false };
        Assert.Equal(5, log.Prove(options).Findings.Kept.Count);
        log.Gap(5, 5, "reset", 100, announced: false);
        Assert.Empty(log.Prove(options).Findings.Kept);
    }

    /// <summary>A good log without some trades, which a repair may bring at the end.</summary>
    private static ProofLog WithHole(long from, long to, bool repaired, bool complete = true)
    {
        var log = new ProofLog();
        for (var id = ProofLog.FirstId; id < ProofLog.FirstId + 100; id++)
        {
            if (id < from || id > to)
            {
                log.Trade(id);
            }
        }

        for (var id = from; repaired && id <= to; id++)
        {
            log.Trade(id, "repair");
        }

        log.Candles();
        if (!complete)
        {
            foreach (var offset in log.Records.Where(record => record.Topic == "md.candles").Select(record => record.Offset).ToList())
            {
                log.Change("candles", offset, json => json.Replace("\"complete\":true", "\"complete\":false", StringComparison.Ordinal));
            }
        }

        return log;
    }

    private static void AssertOnly(ProofLog log, FindingKind kind, long offset, string what, string topic = "md.trades")
    {
        var finding = Assert.Single(log.Prove().Findings.Kept);
        Assert.Equal((kind, topic, 3, offset, ProofLog.Key), (finding.Kind, finding.Topic, finding.Partition, finding.Offset, finding.Instrument));
        Assert.Contains(what, finding.What, StringComparison.Ordinal);
    }
}
