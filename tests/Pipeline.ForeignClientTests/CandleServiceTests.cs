using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.EndToEndTests.Stack;

namespace Pipeline.ForeignClientTests;

/// <summary>The official Socket.IO client before a whole stack: every candle it is given is a record of <c>md.candles</c>, value by value.</summary>
public sealed class CandleServiceTests
{
    private const int Partitions = 4;
    private const int HistoryLimit = 100;
    private const int Updates = 100;

    private static readonly string[] Symbols = ["BTC-USDT", "ETH-USDT", "SOL-USDT"];
    private static readonly string[] Forms = ["numbers", "strings"];
    private static readonly string[] Values = ["open", "high", "low", "close", "volume"];

    [Fact]
    public async Task OfficialClient_HistoryHundredUpdatesFinal_EqualTheRecords()
    {
        var (port, candles) = (FreePort.Next(), FreePort.Next());
        await using var stack = Make(port, candles);
        await stack.StartBrokerAsync();
        await stack.StartSimulatorAsync();
        await stack.StartCollectorAsync();
        await stack.StartGatewayAsync(port);
        using var reader = new TopicReader(stack.BootstrapServers, Partitions, "md.candles");

        // Read meanwhile: the embedded broker keeps 5 MiB a partition.
        var lines = await ReadMeanwhileAsync(
            reader, () => ForeignClient.RunLinesAsync("candles.js", [$"http://127.0.0.1:{candles}", "s1", .. Symbols]));

        var seen = lines.Select(line => new Sighting(JsonNode.Parse(line)!)).ToList();
        Assert.Equal(
            Forms.SelectMany(form => Symbols.Select(symbol => $"{form} {symbol}")).Order(StringComparer.Ordinal),
            seen.Select(one => $"{one.Form} {one.Symbol}").Distinct().Order(StringComparer.Ordinal));
        var log = ReadLog(reader, seen);
        foreach (var series in seen.GroupBy(one => (one.Form, one.Symbol)))
        {
            AssertIsTheLog([.. series], log[series.Key.Symbol]);
        }
    }

    /// <summary>History is what the log had, live is what came after it; forming records may be left out, finals not.</summary>
    private static void AssertIsTheLog(IReadOnlyList<Sighting> series, IReadOnlyList<TopicRecord> log)
    {
        var updates = log.ToLookup(UpdateOf);
        var found = series.Select(one => Assert.Single(updates[one.Update])).ToList();
        Assert.All(series.Zip(found), pair => AssertEqual(pair.First, pair.Second));
        var past = found.Take(series.Count(one => !one.IsLive)).ToList();
        var live = found.Skip(past.Count).ToList();
        Assert.All(series.Take(past.Count), one => Assert.False(one.IsLive));
        Assert.Contains(live.Skip(Updates), record => StateOf(record) == "final");

        // The newest of each candle that there was; at least two were closed.
        var end = past.Max(record => record.Offset);
        var expected = log.Where(record => record.Offset <= end).GroupBy(record => UpdateOf(record).OpenTime).OrderBy(candle => candle.Key).Select(candle => candle.Last());
        Assert.Equal(expected.TakeLast(HistoryLimit).Select(record => record.Offset), past.Select(record => record.Offset));
        Assert.InRange(past.Count(record => StateOf(record) == "final"), 2, HistoryLimit);

        // No seam: what is live follows the history, in the order of the log, and no final is missing.
        var offsets = live.Select(record => record.Offset).ToList();
        Assert.Equal(offsets.Distinct().Order(), offsets);
        Assert.InRange(offsets[0], end + 1, long.MaxValue);
        Assert.Equal(
            log.Where(record => record.Offset > end && record.Offset <= offsets[^1] && StateOf(record) != "forming").Select(record => record.Offset),
            live.Where(record => StateOf(record) != "forming").Select(record => record.Offset));
    }

    private static void AssertEqual(Sighting seen, TopicRecord record)
    {
        foreach (var name in Values)
        {
            var (value, expected) = (seen.Candle[name]!, (string)record.Json[name]!);
            Assert.True(
                seen.Form == "strings" ? (string)value! == expected : DecimalOf(value.ToJsonString()) == DecimalOf(expected),
                $"{name} is {value.ToJsonString()} in {seen.Candle.ToJsonString()}, and {expected} at {record.Partition}/{record.Offset}");
        }

        Assert.Equal(StateOf(record) != "forming", (bool)seen.Candle["is_final"]!);
        Assert.Equal((long)record.Json["closeTime"]! - 1_000_000, (long)seen.Candle["time"]! * 1_000_000);
        if (seen.IsLive)
        {
            Assert.Equal(record.Timestamp, seen.Timestamp);
        }
    }

    /// <summary>The records of each symbol in the order of the log, at least up to the newest that was seen.</summary>
    private static Dictionary<string, List<TopicRecord>> ReadLog(TopicReader reader, IReadOnlyList<Sighting> seen)
    {
        var newest = seen.GroupBy(one => (one.Form, one.Symbol)).Select(series => series.Last()).ToList();
        reader.ReadUntil(_ => newest.TrueForAll(one => reader.Records.Exists(record => IsOf(record, one.Symbol) && UpdateOf(record) == one.Update)));
        return Symbols.ToDictionary(symbol => symbol, symbol => reader.Records.Where(record => IsOf(record, symbol)).ToList());
    }

    private static async Task<IReadOnlyList<string>> ReadMeanwhileAsync(TopicReader reader, Func<Task<IReadOnlyList<string>>> run)
    {
        using var enough = new CancellationTokenSource();
        var reading = Task.Run(() => reader.ReadUntil(_ => enough.IsCancellationRequested, TimeSpan.FromMinutes(5)));
        try
        {
            return await run();
        }
        finally
        {
            await enough.CancelAsync();
            await reading;
        }
    }

    private static LocalStack Make(int port, int candles) => new(
        $"instruments: [{string.Join(", ", Symbols)}]\nchannels: [trade]\ntradeSource: trade",
        """
        tradesPerSecond: 40
        symbols:
          BTC-USDT: {price: 91234.56, priceStep: 0.01, quantityStep: 0.00001}
          ETH-USDT: {price: 3120.10, priceStep: 0.01, quantityStep: 0.0001}
          SOL-USDT: {price: 142.35, priceStep: 0.01, quantityStep: 0.001}
        """,
        $$"""
        gateway: {listen: "http://127.0.0.1:{{port}}"}
        candles: {listen: "http://127.0.0.1:{{candles}}", intervals: [1s], live: [1s], updateInterval: 20ms, historyDataLimit: {{HistoryLimit}}}
        history: {path: "FOLDER/candles.db"}
        """,
        Partitions);

    private static bool IsOf(TopicRecord record, string symbol) => record.Key.StartsWith($"binance:{symbol}:1s:", StringComparison.Ordinal);

    private static string StateOf(TopicRecord record) => (string)record.Json["state"]!;

    private static (long OpenTime, int Count, string State) UpdateOf(TopicRecord record) =>
        ((long)record.Json["openTime"]!, (int)record.Json["updates"]!, StateOf(record));

    private static decimal DecimalOf(string text) => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>A candle that the client was given, in a history or live.</summary>
    private sealed class Sighting(JsonNode line)
    {
        public string Form { get; } = (string)line["form"]!;

        public string Symbol { get; } = (string)line["symbol"]!;

        public bool IsLive { get; } = (string)line["event"]! == "kline_data";

        /// <summary>Milliseconds; of a history none.</summary>
        public long? Timestamp { get; } = (long?)line["timestamp"];

        public JsonNode Candle { get; } = line["candle"]!;

        /// <summary>Which update of which candle of the symbol.</summary>
        public (long OpenTime, int Count, string State) Update { get; } = (
            (long)line["candle"]!["time"]! * 1_000_000,
            (int)line["candle"]!["update_count"]!,
            ((string)line["candle"]!["update_type"]!).Replace("realtime", "forming", StringComparison.Ordinal));
    }
}
