using Pipeline.Core.Market;

namespace Pipeline.Kafka.Records;

internal sealed partial class RecordWriter
{
    private const int MaxPrice = 192 + (4 * Utf8Writer.MaxInteger) + Number.MaxLength;

    /// <summary>Values of <c>md.prices</c>.</summary>
    /// <param name="signature">The transaction's signature, as text.</param>
    public ReadOnlySpan<byte> Write(in PriceTick tick, ReadOnlySpan<byte> signature)
    {
        var prefix = instruments.Of(tick.Instrument).NameAndSymbol;
        var json = new Utf8Writer(Room(prefix.Length + MaxPrice + (Utf8Writer.MaxEscape * signature.Length)));
        json.Raw(prefix);
        json.Raw(",\"event\":\""u8);
        json.Raw(NameOf(tick.Event));
        json.Raw("\",\"price\":\""u8);
        json.Decimal(tick.Price);
        json.Raw("\",\"slot\":"u8);
        json.Integer(tick.Slot);
        json.Raw(",\"index\":"u8);
        json.Integer(tick.Index);
        json.Raw(",\"signature\":\""u8);
        json.Escaped(signature);
        json.Raw("\""u8);
        WriteTimes(ref json, tick.EventTime, tick.ReceivedTime);
        return json.Written;
    }

    private static ReadOnlySpan<byte> NameOf(ProgramEvent programEvent) => programEvent switch
    {
        ProgramEvent.LongShortEvent => "LongShortEvent"u8,
        ProgramEvent.FullCloseEvent => "FullCloseEvent"u8,
        ProgramEvent.PartialCloseEvent => "PartialCloseEvent"u8,
        _ => "BuySellEvent"u8,
    };
}
