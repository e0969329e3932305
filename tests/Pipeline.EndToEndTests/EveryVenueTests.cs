using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Pipeline.EndToEndTests.Stack;
using Pipeline.Kafka.Records;
using Pipeline.Tests.Kafka;

namespace Pipeline.EndToEndTests;

/// <summary>All venues at once, from the simulated exchanges to the topics.</summary>
public sealed class EveryVenueTests
{
    private const int LeastTrades = 40;

    private static readonly string[] Exchanges = ["binance", "binance-futures", "okx", "bybit"];
    private static readonly string[] Derivatives = ["binance-futures", "okx"];
    private static readonly string[] Solana = ["solana"];

    /// <summary>Which venues must be on which topic. Liquidations come when somebody is liquidated.</summary>
    private static readonly Dictionary<string, string[]> Wanted = new()
    {
        ["md.trades"] = Exchanges,
        ["md.quotes"] = Exchanges,
        ["md.books"] = Exchanges,
        ["md.tickers"] = Exchanges,
        ["md.venue-candles"] = Exchanges,
        ["md.candles"] = [.. Exchanges, .. Solana],
        ["md.instruments"] = [.. Exchanges, .. Solana],
        ["md.marks"] = Derivatives,
        ["md.funding"] = Derivatives,
        ["md.liquidations"] = [],
        ["md.prices"] = Solana,
        ["md.deadletter"] = [],
    };

    [Fact]
    public async Task Collector_OfEveryVenue_WritesEveryKindOfRecordWholeAndTrue()
    {
        await using var stack = LocalStack.OfEveryVenue();
        await stack.StartBrokerAsync();
        await stack.StartSimulatorAsync();
        var collector = await stack.StartCollectorAsync();
        using var reader = new TopicReader(stack.BootstrapServers, 4, [.. Wanted.Keys]);
        reader.ReadUntil(HasEverything);
        collector.Signal(PipelineProcess.SigInt);
        Assert.Equal(0, await collector.WaitForExitAsync());
        reader.ReadRest();

        Assert.Empty(reader.Of("md.deadletter").Select(record => Encoding.UTF8.GetString(record.Value)));
        AssertSchemas(reader.Records);
        AssertPriceCandles(reader);
        foreach (var ofOne in reader.Of("md.trades").Select(record => record.Json).GroupBy(trade => $"{trade["venue"]}:{trade["symbol"]}"))
        {
            await AssertTruthAsync(stack, [.. ofOne]);
        }

        Assert.Equal(await ListAsync(stack), reader.Of("md.instruments").Select(record => record.Json)
            .Where(one => (string)one["venue"]! != "solana").Select(Describe).Order());
    }

    private static bool HasEverything(TopicReader reader)
    {
        var keys = reader.Records.GroupBy(record => record.Topic).ToDictionary(of => of.Key, of => of.Select(record => record.Key).ToList());
        return Wanted.All(one => one.Value.All(venue =>
            keys.TryGetValue(one.Key, out var of) && of.Exists(key => key.StartsWith($"{venue}:", StringComparison.Ordinal))))
            && keys["md.trades"].GroupBy(key => key).Count(of => of.Count() >= LeastTrades) == 2 * Exchanges.Length;
    }

    private static void AssertSchemas(List<TopicRecord> records)
    {
        var validators = RecordSchema.All.ToDictionary(schema => schema, schema => new JsonSchemaValidator(RecordSchema.Read(schema)));
        Assert.All(records, record =>
            Assert.Empty(validators[record.Headers["schema"]].Validate(Encoding.UTF8.GetString(record.Value))));
    }

    /// <summary>Prices have no quantities: their candles say so.</summary>
    private static void AssertPriceCandles(TopicReader reader)
    {
        var candles = reader.Of("md.candles").Select(record => record.Json).Where(candle => (string)candle["venue"]! == "solana").ToList();
        Assert.All(candles, candle => Assert.Equal(("prices", "0"), ((string)candle["source"]!, (string)candle["volume"]!)));
    }

    /// <summary>No trade twice, each as it was made; and none missing, except that Bybit's ids tell no order.</summary>
    private static async Task AssertTruthAsync(LocalStack stack, List<JsonNode> trades)
    {
        var (venue, symbol) = ((string)trades[0]["venue"]!, (string)trades[0]["symbol"]!);
        var ids = trades.Select(trade => (long)trade["id"]!).ToList();

        // What the insurance fund fills on the raw futures stream is counted by the venue, and none of the market's.
        var truth = (await stack.TruthAsync(venue, symbol, ids.Min()))
            .Where(trade => (long)trade!["id"]! <= ids.Max() && (string)trade["kind"]! == "Market").ToList();

        Assert.Equal(truth.Select(trade => (long)trade!["id"]!), venue == "bybit" ? ids.Order() : ids);
        Assert.Equal(
            truth.Select(trade => $"{trade!["id"]} {trade["price"]} {trade["side"]}"),
            trades.OrderBy(trade => (long)trade["id"]!).Select(trade => $"{trade["id"]} {trade["price"]} {trade["side"]}"));
    }

    /// <summary>What the venues themselves list of the chosen instruments.</summary>
    private static async Task<IEnumerable<string>> ListAsync(LocalStack stack)
    {
        var spot = (await stack.AskAsync("binance", "/api/v3/exchangeInfo"))["symbols"]!.AsArray();
        var futures = (await stack.AskAsync("binance-futures", "/fapi/v1/exchangeInfo"))["symbols"]!.AsArray();
        var okxSpot = (await stack.AskAsync("okx", "/api/v5/public/instruments?instType=SPOT"))["data"]!.AsArray();
        var okxSwap = (await stack.AskAsync("okx", "/api/v5/public/instruments?instType=SWAP"))["data"]!.AsArray();
        var bybit = (await stack.AskAsync("bybit", "/v5/market/instruments-info?category=spot"))["result"]!["list"]!.AsArray();
        IEnumerable<string> listed =
        [
            .. spot.Select(one => Line("binance", one!["symbol"], Filter(one, "PRICE_FILTER", "tickSize"), Filter(one, "LOT_SIZE", "stepSize"))),
            .. futures.Select(one =>
                Line("binance-futures", one!["symbol"], Filter(one, "PRICE_FILTER", "tickSize"), Filter(one, "LOT_SIZE", "stepSize"))),
            .. okxSpot.Concat(okxSwap).Select(one => Line("okx", one!["instId"], one["tickSz"], one["lotSz"])),
            .. bybit.Select(one =>
                Line("bybit", one!["symbol"], one["priceFilter"]!["tickSize"], one["lotSizeFilter"]!["basePrecision"])),
        ];
        string[] notChosen = ["okx ETH-USDT ", "okx BTC-USDT-SWAP "];
        return listed.Where(line => !Array.Exists(notChosen, other => line.StartsWith(other, StringComparison.Ordinal))).Order();
    }

    private static JsonNode? Filter(JsonNode symbol, string type, string field) =>
        symbol["filters"]!.AsArray().Single(filter => (string)filter!["filterType"]! == type)![field];

    private static string Describe(JsonNode one) => Line((string)one["venue"]!, one["symbol"], one["priceStep"], one["quantityStep"]);

    private static string Line(string venue, JsonNode? symbol, JsonNode? priceStep, JsonNode? quantityStep) => string.Create(
        CultureInfo.InvariantCulture, $"{venue} {symbol} {Plain(priceStep):0.##########} {Plain(quantityStep):0.##########}");

    private static decimal Plain(JsonNode? number) => decimal.Parse((string)number!, CultureInfo.InvariantCulture);
}
