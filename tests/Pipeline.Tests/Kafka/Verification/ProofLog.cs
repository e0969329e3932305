using System.Globalization;
using System.Text;
using Pipeline.Core.Market;
using Pipeline.Kafka.Reader;
using Pipeline.Kafka.Verification;

namespace Pipeline.Tests.Kafka.Verification;

/// <summary>
/// A log made by hand, with decimals for candles, so that nothing of the product takes part: 100 trades in ten seconds, their candles, and
/// a gap where a test leaves trades out.
/// </summary>
internal sealed class ProofLog
{
    public const string Key = "binance:BTC-USDT";
    public const long Start = 1_794_900_000_000_000;
    public const long FirstId = 100;
    public const int Partition = 3;
    public const long Step = 100_000;

    private readonly Dictionary<string, long> _next = [];

    public List<KafkaRecord> Records { get; } = [];

    public List<(long Id, long Time, decimal Price, decimal Quantity, string Side)> Trades { get; } = [];

    public static CandleInterval[] Intervals { get; } = [CandleInterval.Parse("1s"), CandleInterval.Parse("5s"), CandleInterval.Parse("1m")];

    public static long TimeOf(long id) => Start + ((id - FirstId) * Step);

    public static decimal PriceOf(long id) => 91234.5m + (id * 37 % 11) - (id % 3 * 0.25m);

    public static decimal QuantityOf(long id) => 0.001m * (1 + (id % 7));

    public static string SideOf(long id) => id % 2 == 0 ? "buy" : "sell";

    /// <summary>Trades 100 to 199 with all finals that are due.</summary>
    public static ProofLog Good()
    {
        var log = new ProofLog();
        for (var id = FirstId; id < FirstId + 100; id++)
        {
            log.Trade(id);
        }

        log.Candles();
        return log;
    }

    public KafkaRecord Trade(long id, string source = "live", long epoch = 7)
    {
        Trades.Add((id, TimeOf(id), PriceOf(id), QuantityOf(id), SideOf(id)));
        return Add("trades", Key, TradeJson(id, source), epoch);
    }

    public static string TradeJson(long id, string source = "live") =>
        Text($$"""{"venue":"binance","instrument":"BTC-USDT","symbol":"BTCUSDT","id":{{id}},"price":"{{PriceOf(id)}}","quantity":"{{QuantityOf(id)}}","side":"{{SideOf(id)}}","eventTime":{{TimeOf(id)}},"receivedTime":{{TimeOf(id) + 5000}},"source":"{{source}}"}""");

    /// <summary>A forming record and the final of every window that a trade has closed.</summary>
    public void Candles()
    {
        var last = Trades.Max(trade => trade.Time);
        foreach (var interval in Intervals)
        {
            foreach (var window in Trades.GroupBy(trade => interval.OpenOf(trade.Time)).Where(window => window.Key + interval.Microseconds <= last).OrderBy(window => window.Key))
            {
                Candle(interval, window.Key, "forming", 0);
                Candle(interval, window.Key, "final", 0);
            }
        }
    }

    public KafkaRecord Candle(CandleInterval interval, long openTime, string state, int revision, bool complete = true) =>
        Add("candles", $"{Key}:{interval}:{openTime}", CandleJson(interval, openTime, state, revision, complete));

    public string CandleJson(CandleInterval interval, long openTime, string state, int revision, bool complete = true)
    {
        var trades = Trades.Where(trade => interval.OpenOf(trade.Time) == openTime).OrderBy(trade => trade.Id).ToList();
        return Text($$"""{"venue":"binance","instrument":"BTC-USDT","interval":"{{interval}}","openTime":{{openTime}},"closeTime":{{openTime + interval.Microseconds}},"open":"{{trades[0].Price}}","high":"{{trades.Max(trade => trade.Price)}}","low":"{{trades.Min(trade => trade.Price)}}","close":"{{trades[^1].Price}}","volume":"{{trades.Sum(trade => trade.Quantity)}}","quoteVolume":"{{trades.Sum(trade => trade.Quantity * trade.Price)}}","takerBuyVolume":"{{trades.Where(trade => trade.Side == "buy").Sum(trade => trade.Quantity)}}","trades":{{trades.Count}},"firstId":{{trades[0].Id}},"lastId":{{trades[^1].Id}},"state":"{{state}}","revision":{{revision}},"complete":{{(complete ? "true" : "false")}},"updates":1,"source":"trades"}""");
    }

    public KafkaRecord Gap(long from, long to, string state, long tradesOffset, bool announced = true, string reason = "stream", params (long First, long Last)[] missing) =>
        Add("gaps", $"{Key}:{from}", Text($$"""{"venue":"binance","instrument":"BTC-USDT","symbol":"BTCUSDT","fromId":{{from}},"toId":{{to}},"state":"{{state}}","reason":"{{reason}}","missing":[{{string.Join(',', missing.Select(range => $"[{range.First},{range.Last}]"))}}],"series":0,"fromTime":{{TimeOf(from - 1)}},"toTime":{{TimeOf(to + 1)}},"openedTime":{{TimeOf(to + 1)}},"updatedTime":{{TimeOf(to + 2)}},"announced":{{(announced ? "true" : "false")}},"tradesOffset":{{tradesOffset}}}"""));

    /// <summary>A hole of a time, as where ids say nothing of holes.</summary>
    public KafkaRecord TimeGap(long from, long to, string state) =>
        Add("gaps", $"{Key}:@{to}", Text($$"""{"venue":"binance","instrument":"BTC-USDT","symbol":"BTCUSDT","fromId":-1,"toId":-1,"state":"{{state}}","reason":"disconnected","missing":[],"series":0,"fromTime":{{from}},"toTime":{{to}},"openedTime":{{to}},"updatedTime":{{to + 1}},"announced":true,"tradesOffset":0}"""));

    public KafkaRecord Add(string topic, string key, string json, long epoch = 7)
    {
        var offset = _next.GetValueOrDefault(topic);
        _next[topic] = offset + 1;
        var record = new KafkaRecord(
            $"md.{topic}", Partition, offset, 0, Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(json), [new("epoch", Encoding.UTF8.GetBytes($"{epoch}"))]);
        Records.Add(record);
        return record;
    }

    /// <summary>Puts another value under the record of a topic at an offset.</summary>
    public void Change(string topic, long offset, Func<string, string> change)
    {
        var index = Records.FindIndex(record => record.Topic == $"md.{topic}" && record.Offset == offset);
        var before = Records[index].ValueText!;
        var after = change(before);
        Assert.NotEqual(before, after);
        Records[index] = Records[index] with { Value = Encoding.UTF8.GetBytes(after) };
    }

    public KafkaRecord CandleRecord(string interval, long openTime, string state = "final") => Records.First(record =>
        record.KeyText == $"{Key}:{interval}:{openTime}" && record.ValueText!.Contains($"\"{state}\"", StringComparison.Ordinal));

    /// <param name="order">Topics are read in this order; within a topic the order is that of the log.</param>
    /// <param name="records">These in this order instead.</param>
    /// <param name="before">Called when all is read, before the end.</param>
    public (LogProof Proof, FindingLog Findings) Prove(
        ProofOptions? options = null, string[]? order = null, IEnumerable<KafkaRecord>? records = null, Action<LogProof>? before = null)
    {
        var findings = new FindingLog();
        var proof = new LogProof((options ?? new ProofOptions()) with { Intervals = Intervals }, findings) { MayBeCompacted = false };
        string[] topics = order ?? ["gaps", "trades", "candles"];
        foreach (var record in records ?? topics.SelectMany(topic => Records.Where(record => record.Topic == $"md.{topic}").OrderBy(record => record.Offset)))
        {
            proof.Add(record);
        }

        before?.Invoke(proof);
        proof.Finish();
        return (proof, findings);
    }

    public static string Text(FormattableString text) => FormattableString.Invariant(text);
}
