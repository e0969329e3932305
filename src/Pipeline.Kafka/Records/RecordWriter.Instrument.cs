using System.Text;
using Pipeline.Core.Market;

namespace Pipeline.Kafka.Records;

internal sealed partial class RecordWriter
{
    private const int MaxInstrument = 320 + (2 * Utf8Writer.MaxInteger) + (3 * Number.MaxLength);

    /// <summary>Values of <c>md.instruments</c>.</summary>
    public ReadOnlySpan<byte> Write(InstrumentRecord record)
    {
        var info = record.Info;
        var json = new Utf8Writer(Room(MaxInstrument + SizeOfTexts(record)));
        json.Raw("{\"venue\":\""u8);
        json.Escaped(info.Venue);
        json.Raw("\",\"instrument\":\""u8);
        json.Escaped(info.Id);
        json.Raw("\",\"symbol\":\""u8);
        json.Escaped(info.Symbol);
        json.Raw("\",\"kind\":\""u8);
        json.Raw(NameOf(info.Kind));
        json.Raw("\",\"base\":\""u8);
        json.Escaped(info.Base);
        json.Raw("\",\"quote\":\""u8);
        json.Escaped(info.Quote);
        json.Raw("\",\"priceStep\":"u8);
        WriteOrNull(ref json, info.PriceStep);
        json.Raw(",\"quantityStep\":"u8);
        WriteOrNull(ref json, info.QuantityStep);
        json.Raw(",\"contractSize\":"u8);
        WriteOrNull(ref json, info.ContractSize);
        json.Raw(",\"status\":\""u8);
        json.Raw(NameOf(info.Status));
        json.Raw("\",\"aliases\":["u8);
        WriteTexts(ref json, record.Aliases);
        json.Raw("],\"revision\":"u8);
        json.Integer(record.Revision);
        json.Raw(",\"updatedTime\":"u8);
        json.Integer(record.UpdatedTime);
        json.Raw("}"u8);
        return json.Written;
    }

    private static void WriteTexts(ref Utf8Writer json, IReadOnlyList<string> texts)
    {
        for (var i = 0; i < texts.Count; i++)
        {
            json.Raw(i == 0 ? "\""u8 : ",\""u8);
            json.Escaped(texts[i]);
            json.Raw("\""u8);
        }
    }

    private static int SizeOfTexts(InstrumentRecord record)
    {
        var info = record.Info;
        var characters = info.Venue.Length + info.Id.Length + info.Symbol.Length + info.Base.Length + info.Quote.Length;
        for (var i = 0; i < record.Aliases.Count; i++)
        {
            // Quotes and comma, each of which counts as a character here.
            characters += record.Aliases[i].Length + 3;
        }

        return Utf8Writer.MaxEscape * Encoding.UTF8.GetMaxByteCount(characters);
    }

    private static ReadOnlySpan<byte> NameOf(InstrumentKind kind) => kind switch
    {
        InstrumentKind.Perpetual => "perpetual"u8,
        InstrumentKind.Token => "token"u8,
        _ => "spot"u8,
    };

    private static ReadOnlySpan<byte> NameOf(InstrumentStatus status) => status switch
    {
        InstrumentStatus.Halted => "halted"u8,
        InstrumentStatus.PreOpen => "pre-open"u8,
        InstrumentStatus.Delisted => "delisted"u8,
        _ => "trading"u8,
    };
}
