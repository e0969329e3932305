using Pipeline.Core.Market;
using Pipeline.Kafka.Verification;

namespace Pipeline.Tests.Kafka.Verification;

/// <content>Where the log alone proves a part: ids without order, holes asked for again, candles begun by the venue's trades.</content>
public sealed partial class LogProofTests
{
    [Fact]
    public void Ids_ThatSayNothingOfHoles_AreNoPassBesideAWitnessEither_UnlessItTellsTheWholeTime()
    {
        var seen = 0;
        var options = new ProofOptions { RulesOf = _ => new ProofRules { Ids = IdDiscipline.Unordered }, Candles = false, Witness = (_, _) => seen++ };
        var (_, findings) = ProofLog.Good().Prove(options);
        Assert.Equal((100, 1L), (seen, findings.CountOf(FindingKind.UnorderedIds)));

        var (_, proven) = ProofLog.Good().Prove(options, before: proof =>
        {
            var trades = Assert.Single(proof.Unordered());
            Assert.Equal((ProofLog.Key, ProofLog.TimeOf(100), ProofLog.TimeOf(199)), (trades.Instrument, trades.FirstTime, trades.LastTime));
            proof.ProveByTime(trades.Instrument);
        });
        Assert.Empty(proven.Kept);
    }

    [Fact]
    public void Gap_OfATime_IsKnownByItsKeyAndExcusesWhatIsMissing()
    {
        var log = ProofLog.Good();
        log.TimeGap(ProofLog.TimeOf(140), ProofLog.TimeOf(145), "open");
        log.TimeGap(ProofLog.TimeOf(140), ProofLog.TimeOf(145), "abandoned");
        log.TimeGap(ProofLog.TimeOf(150), ProofLog.TimeOf(155), "open");
        log.TimeGap(ProofLog.TimeOf(150), ProofLog.TimeOf(155), "repaired");
        (long, long)[] excused = [];
        var (_, findings) = log.Prove(
            new ProofOptions { RulesOf = _ => new ProofRules { Ids = IdDiscipline.Unordered }, Candles = false },
            before: proof => excused = [.. Assert.Single(proof.Unordered()).Excused]);
        Assert.Equal([(ProofLog.TimeOf(140), ProofLog.TimeOf(145))], excused);
        Assert.Equal([FindingKind.Abandoned, FindingKind.UnorderedIds], findings.Kept.Select(one => one.Kind));
    }

    [Fact]
    public void Candle_OfIdsWithoutOrder_OpensAndClosesByTime()
    {
        // A trade of the middle of a window comes last, as repair of a time brings it.
        var log = new ProofLog();
        foreach (var id in Enumerable.Range(100, 100).Where(id => id != 115).Select(id => (long)id))
        {
            log.Trade(id);
        }

        log.Trade(115, "repair");
        log.Candles();
        foreach (var record in log.Records.Where(record => record.Topic == "md.candles").ToList())
        {
            log.Change("candles", record.Offset, json => System.Text.RegularExpressions.Regex.Replace(json, "\"(firstId|lastId)\":[0-9]+", "\"$1\":-1"));
        }

        var (proof, findings) = log.Prove(new ProofOptions { RulesOf = _ => new ProofRules { Ids = IdDiscipline.Unordered } });
        Assert.Equal([FindingKind.UnorderedIds], findings.Kept.Select(one => one.Kind));
        Assert.Equal(10, proof.Counts.CandlesEqual);
    }

    [Theory]
    [InlineData("repaired", FindingKind.LostAfterRepair)]
    [InlineData("abandoned", FindingKind.Abandoned)]
    public void Gap_AskedForAgain_IsJudgedAgain(string end, object kind)
    {
        // Followed: the end is read after the trades, when the silence was judged long ago.
        var log = WithHole(140, 144, repaired: false, complete: false);
        log.Gap(140, 144, "open", 40, missing: (140, 144));
        log.Gap(140, 144, "venue-silent", 41, missing: (140, 144));
        var records = log.Records.ToList();
        log.Gap(140, 144, "open", 95, missing: (140, 144), reason: "audit");
        log.Gap(140, 144, end, 95, missing: end == "abandoned" ? [(140, 144)] : []);
        var (proof, findings) = log.Prove(new ProofOptions { SettleTime = 1_000_000 }, records: [.. records.Where(record => record.Topic == "md.gaps"), .. records.Where(record => record.Topic != "md.gaps"), .. log.Records.Except(records)]);
        Assert.Contains((FindingKind)kind, findings.Kept.Select(one => one.Kind));
        Assert.Equal((0L, end == "abandoned" ? 5L : 0L), (proof.Counts.SilentIds, proof.Counts.AbandonedIds));
    }

    [Theory]
    [InlineData("high", "90000")]
    [InlineData("low", "99999")]
    [InlineData("volume", "0.001")]
    [InlineData("quoteVolume", "0.001")]
    [InlineData("takerBuyVolume", "0.0001")]
    [InlineData("trades", null)]
    public void Candle_ThatBeginsWithTheVenuesTrades_MustHoldOurs(string field, string? text)
    {
        var log = ProofLog.Good();
        var record = log.CandleRecord("1s", Start);
        string Mix(string json) => json.Replace("\"source\":\"trades\"", "\"source\":\"mixed\"", StringComparison.Ordinal);
        log.Change("candles", record.Offset, Mix);
        var (proof, findings) = log.Prove();
        Assert.Equal([(FindingKind.NotJudged, FindingSeverity.Note)], findings.Kept.Select(one => (one.Kind, one.Severity)));
        Assert.Equal((9L, 1L, 0L), (proof.Counts.CandlesEqual, proof.Counts.MixedCandles, proof.Counts.OtherCandles));

        // Whoever compares it with the venue's says so.
        Assert.Empty(log.Prove(new ProofOptions { RecordWitness = _ => { } }).Findings.Kept);
        log.Change("candles", record.Offset, json => System.Text.RegularExpressions.Regex.Replace(
            json, $"\"{field}\":(\"[^\"]*\"|[0-9]+)", text is null ? $"\"{field}\":4" : $"\"{field}\":\"{text}\""));
        AssertOnly(log, FindingKind.WrongCandle, record.Offset, $"{field} is {text ?? "4"}, its trades alone make", "md.candles");
    }
}
