#pragma warning disable SA1402, SA1649, MA0048 // Reason: these classes are one contender, and belong together.
using System.Text.Json.Serialization;

namespace Pipeline.Benchmarks.Parsers;

internal sealed class OkxEnvelope<T>
{
    [JsonPropertyName("arg")]
    public OkxArgument? Argument { get; set; }

    [JsonPropertyName("action")]
    public string? Action { get; set; }

    [JsonPropertyName("data")]
    public T[]? Data { get; set; }
}

internal sealed class OkxArgument
{
    [JsonPropertyName("channel")]
    public string? Channel { get; set; }

    [JsonPropertyName("instId")]
    public string? Symbol { get; set; }
}

internal sealed class OkxTradeMessage
{
    [JsonPropertyName("instId")]
    public string? Symbol { get; set; }

    [JsonPropertyName("tradeId")]
    public long Id { get; set; }

    [JsonPropertyName("px")]
    public decimal Price { get; set; }

    [JsonPropertyName("sz")]
    public decimal Quantity { get; set; }

    [JsonPropertyName("side")]
    public string? Side { get; set; }

    [JsonPropertyName("ts")]
    [JsonConverter(typeof(UnixMilliseconds))]
    public DateTime Time { get; set; }

    [JsonPropertyName("count")]
    public int Count { get; set; }
}

internal sealed class OkxBookMessage
{
    [JsonPropertyName("asks")]
    public decimal[][]? Asks { get; set; }

    [JsonPropertyName("bids")]
    public decimal[][]? Bids { get; set; }

    [JsonPropertyName("ts")]
    [JsonConverter(typeof(UnixMilliseconds))]
    public DateTime Time { get; set; }

    [JsonPropertyName("prevSeqId")]
    public long PreviousId { get; set; }

    [JsonPropertyName("seqId")]
    public long Id { get; set; }
}

internal sealed class OkxTickerMessage
{
    [JsonPropertyName("instId")]
    public string? Symbol { get; set; }

    [JsonPropertyName("last")]
    public decimal Last { get; set; }

    [JsonPropertyName("lastSz")]
    public decimal LastQuantity { get; set; }

    [JsonPropertyName("askPx")]
    public decimal Ask { get; set; }

    [JsonPropertyName("askSz")]
    public decimal AskQuantity { get; set; }

    [JsonPropertyName("bidPx")]
    public decimal Bid { get; set; }

    [JsonPropertyName("bidSz")]
    public decimal BidQuantity { get; set; }

    [JsonPropertyName("open24h")]
    public decimal Open { get; set; }

    [JsonPropertyName("high24h")]
    public decimal High { get; set; }

    [JsonPropertyName("low24h")]
    public decimal Low { get; set; }

    [JsonPropertyName("volCcy24h")]
    public decimal QuoteVolume { get; set; }

    [JsonPropertyName("vol24h")]
    public decimal Volume { get; set; }

    [JsonPropertyName("ts")]
    [JsonConverter(typeof(UnixMilliseconds))]
    public DateTime Time { get; set; }
}

[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(OkxEnvelope<OkxTradeMessage>))]
[JsonSerializable(typeof(OkxEnvelope<OkxBookMessage>))]
[JsonSerializable(typeof(OkxEnvelope<OkxTickerMessage>))]
[JsonSerializable(typeof(OkxEnvelope<decimal[]>))]
internal sealed partial class OkxMessages : JsonSerializerContext;
