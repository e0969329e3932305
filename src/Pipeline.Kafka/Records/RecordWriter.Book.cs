using Pipeline.Core.Market;

namespace Pipeline.Kafka.Records;

internal sealed partial class RecordWriter
{
    private const int MaxBook = 192 + (4 * Utf8Writer.MaxInteger);

    // ["price","quantity"],
    private const int MaxLevel = 8 + (2 * Number.MaxLength);

    /// <summary>Values of <c>md.books</c>.</summary>
    /// <param name="levels">Its bids, then its asks.</param>
    public ReadOnlySpan<byte> Write(in OrderBookUpdate update, ReadOnlySpan<BookLevel> levels)
    {
        var prefix = instruments.Of(update.Instrument).NameAndSymbol;
        var json = new Utf8Writer(Room(prefix.Length + MaxBook + (levels.Length * MaxLevel)));
        json.Raw(prefix);
        json.Raw(",\"kind\":\""u8);
        json.Raw(NameOf(update.Kind));
        json.Raw("\",\"updateId\":"u8);
        json.Integer(update.LastUpdateId);
        json.Raw(",\"prev\":"u8);
        if (update.PreviousUpdateId < 0)
        {
            json.Raw("null"u8);
        }
        else
        {
            json.Integer(update.PreviousUpdateId);
        }

        json.Raw(",\"bids\":["u8);
        WriteLevels(ref json, levels[..update.Bids]);
        json.Raw("],\"asks\":["u8);
        WriteLevels(ref json, levels[update.Bids..]);
        json.Raw("]"u8);
        WriteMinor(ref json, update.Minor);
        WriteTimes(ref json, update.EventTime, update.ReceivedTime);
        return json.Written;
    }

    private static void WriteLevels(ref Utf8Writer json, ReadOnlySpan<BookLevel> levels)
    {
        for (var i = 0; i < levels.Length; i++)
        {
            json.Raw(i == 0 ? "[\""u8 : ",[\""u8);
            json.Decimal(levels[i].Price);
            json.Raw("\",\""u8);
            json.Decimal(levels[i].Quantity);
            json.Raw("\"]"u8);
        }
    }

    private static ReadOnlySpan<byte> NameOf(BookUpdateKind kind) => kind switch
    {
        BookUpdateKind.Snapshot => "snapshot"u8,
        BookUpdateKind.Partial => "partial"u8,
        _ => "update"u8,
    };
}
