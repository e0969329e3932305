#pragma warning disable SA1402, SA1649, MA0048 // Reason: these classes are one contender, and belong together.
using System.Text.Json.Serialization;

namespace Pipeline.Benchmarks.Parsers;

// The shape that exchange clients on System.Text.Json use: a class per event, decimals read from strings, times as DateTime.
internal sealed class BinanceEnvelope<T>
{
    [JsonPropertyName("stream")]
    public string? Stream { get; set; }

    [JsonPropertyName("data")]
    public T? Data { get; set; }
}

internal sealed class BinanceTradeMessage
{
    [JsonPropertyName("e")]
    public string? Event { get; set; }

    [JsonPropertyName("E")]
    [JsonConverter(typeof(UnixMilliseconds))]
    public DateTime EventTime { get; set; }

    [JsonPropertyName("s")]
    public string? Symbol { get; set; }

    [JsonPropertyName("t")]
    public long TradeId { get; set; }

    [JsonPropertyName("a")]
    public long AggregateId { get; set; }

    [JsonPropertyName("p")]
    public decimal Price { get; set; }

    [JsonPropertyName("q")]
    public decimal Quantity { get; set; }

    [JsonPropertyName("T")]
    [JsonConverter(typeof(UnixMilliseconds))]
    public DateTime TradeTime { get; set; }

    [JsonPropertyName("m")]
    public bool BuyerIsMaker { get; set; }
}

internal sealed class BinanceQuoteMessage
{
    [JsonPropertyName("u")]
    public long UpdateId { get; set; }

    [JsonPropertyName("s")]
    public string? Symbol { get; set; }

    [JsonPropertyName("b")]
    public decimal Bid { get; set; }

    [JsonPropertyName("B")]
    public decimal BidQuantity { get; set; }

    [JsonPropertyName("a")]
    public decimal Ask { get; set; }

    [JsonPropertyName("A")]
    public decimal AskQuantity { get; set; }
}

internal sealed class BinanceDepthMessage
{
    [JsonPropertyName("e")]
    public string? Event { get; set; }

    [JsonPropertyName("E")]
    [JsonConverter(typeof(UnixMilliseconds))]
    public DateTime EventTime { get; set; }

    [JsonPropertyName("s")]
    public string? Symbol { get; set; }

    [JsonPropertyName("U")]
    public long FirstUpdateId { get; set; }

    [JsonPropertyName("u")]
    public long LastUpdateId { get; set; }

    [JsonPropertyName("b")]
    public decimal[][]? Bids { get; set; }

    [JsonPropertyName("a")]
    public decimal[][]? Asks { get; set; }
}

internal sealed class BinancePartialDepthMessage
{
    [JsonPropertyName("lastUpdateId")]
    public long LastUpdateId { get; set; }

    [JsonPropertyName("bids")]
    public decimal[][]? Bids { get; set; }

    [JsonPropertyName("asks")]
    public decimal[][]? Asks { get; set; }
}

internal sealed class BinanceKlineMessage
{
    [JsonPropertyName("s")]
    public string? Symbol { get; set; }

    [JsonPropertyName("k")]
    public BinanceKlineBody? Kline { get; set; }
}

internal sealed class BinanceKlineBody
{
    [JsonPropertyName("t")]
    [JsonConverter(typeof(UnixMilliseconds))]
    public DateTime OpenTime { get; set; }

    [JsonPropertyName("i")]
    public string? Interval { get; set; }

    [JsonPropertyName("f")]
    public long FirstId { get; set; }

    [JsonPropertyName("L")]
    public long LastId { get; set; }

    [JsonPropertyName("o")]
    public decimal Open { get; set; }

    [JsonPropertyName("c")]
    public decimal Close { get; set; }

    [JsonPropertyName("h")]
    public decimal High { get; set; }

    [JsonPropertyName("l")]
    public decimal Low { get; set; }

    [JsonPropertyName("v")]
    public decimal Volume { get; set; }

    [JsonPropertyName("n")]
    public long Trades { get; set; }

    [JsonPropertyName("x")]
    public bool IsClosed { get; set; }

    [JsonPropertyName("q")]
    public decimal QuoteVolume { get; set; }

    [JsonPropertyName("V")]
    public decimal TakerBuyVolume { get; set; }
}

internal sealed class BinanceTickerMessage
{
    [JsonPropertyName("E")]
    [JsonConverter(typeof(UnixMilliseconds))]
    public DateTime EventTime { get; set; }

    [JsonPropertyName("s")]
    public string? Symbol { get; set; }

    [JsonPropertyName("c")]
    public decimal Last { get; set; }

    [JsonPropertyName("Q")]
    public decimal LastQuantity { get; set; }

    [JsonPropertyName("b")]
    public decimal Bid { get; set; }

    [JsonPropertyName("B")]
    public decimal BidQuantity { get; set; }

    [JsonPropertyName("a")]
    public decimal Ask { get; set; }

    [JsonPropertyName("A")]
    public decimal AskQuantity { get; set; }

    [JsonPropertyName("o")]
    public decimal Open { get; set; }

    [JsonPropertyName("h")]
    public decimal High { get; set; }

    [JsonPropertyName("l")]
    public decimal Low { get; set; }

    [JsonPropertyName("v")]
    public decimal Volume { get; set; }

    [JsonPropertyName("q")]
    public decimal QuoteVolume { get; set; }
}

[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(BinanceEnvelope<BinanceTradeMessage>))]
[JsonSerializable(typeof(BinanceEnvelope<BinanceQuoteMessage>))]
[JsonSerializable(typeof(BinanceEnvelope<BinanceDepthMessage>))]
[JsonSerializable(typeof(BinanceEnvelope<BinancePartialDepthMessage>))]
[JsonSerializable(typeof(BinanceEnvelope<BinanceKlineMessage>))]
[JsonSerializable(typeof(BinanceEnvelope<BinanceTickerMessage>))]
internal sealed partial class BinanceMessages : JsonSerializerContext;
