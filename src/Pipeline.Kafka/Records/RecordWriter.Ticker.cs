using Pipeline.Core.Market;

namespace Pipeline.Kafka.Records;

internal sealed partial class RecordWriter
{
    private const int MaxTicker = 256 + (2 * Utf8Writer.MaxInteger) + (9 * Number.MaxLength) + (2 * WideNumber.MaxLength);

    /// <summary>Values of <c>md.tickers</c>.</summary>
    public ReadOnlySpan<byte> Write(in Ticker ticker)
    {
        var prefix = instruments.Of(ticker.Instrument).NameAndSymbol;
        var json = new Utf8Writer(Room(prefix.Length + MaxTicker));
        json.Raw(prefix);
        json.Raw(",\"last\":\""u8);
        json.Decimal(ticker.Last);
        json.Raw("\",\"lastQuantity\":"u8);
        WriteOrNull(ref json, ticker.LastQuantity);
        json.Raw(",\"bid\":"u8);
        WriteOrNull(ref json, ticker.Bid);
        json.Raw(",\"bidQuantity\":"u8);
        WriteOrNull(ref json, ticker.BidQuantity);
        json.Raw(",\"ask\":"u8);
        WriteOrNull(ref json, ticker.Ask);
        json.Raw(",\"askQuantity\":"u8);
        WriteOrNull(ref json, ticker.AskQuantity);
        json.Raw(",\"open\":\""u8);
        json.Decimal(ticker.Open);
        json.Raw("\",\"high\":\""u8);
        json.Decimal(ticker.High);
        json.Raw("\",\"low\":\""u8);
        json.Decimal(ticker.Low);
        json.Raw("\",\"volume\":\""u8);
        json.Decimal(ticker.Volume);
        json.Raw("\",\"quoteVolume\":"u8);
        WriteOrNull(ref json, ticker.QuoteVolume);
        WriteTimes(ref json, ticker.EventTime, ticker.ReceivedTime);
        return json.Written;
    }
}
