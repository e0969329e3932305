using System.Text;
using Pipeline.Core.Market;

namespace Pipeline.Kafka.Records;

internal sealed partial class RecordWriter
{
    private const int MaxGap = 256 + (8 * Utf8Writer.MaxInteger);

    // [first,last],
    private const int MaxRange = 4 + (2 * Utf8Writer.MaxInteger);

    /// <summary>Values of <c>md.gaps</c>.</summary>
    /// <param name="tradesOffset">See <see cref="GapRecord.TradesOffset"/>.</param>
    public ReadOnlySpan<byte> Write(in Gap gap, long? tradesOffset)
    {
        var prefix = instruments.Of(gap.Instrument).NameAndSymbol;
        var json = new Utf8Writer(Room(prefix.Length + SizeOf(gap)));
        json.Raw(prefix);
        json.Raw(","u8);
        WriteGap(ref json, gap);
        json.Raw(",\"tradesOffset\":"u8);
        WriteOrNull(ref json, tradesOffset);
        json.Raw("}"u8);
        return json.Written;
    }

    private static int SizeOf(in Gap gap) =>
        MaxGap + (gap.Missing.Count * MaxRange) + (Encoding.UTF8.GetMaxByteCount(gap.Reason.Length) * Utf8Writer.MaxEscape);

    private static void WriteGap(ref Utf8Writer json, in Gap gap)
    {
        Field(ref json, "\"fromId\":"u8, gap.FromId);
        Field(ref json, ",\"toId\":"u8, gap.ToId);
        json.Raw(",\"state\":\""u8);
        json.Raw(GapStateNames.Utf8Of(gap.State));
        json.Raw("\",\"reason\":\""u8);
        json.Escaped(gap.Reason);
        json.Raw("\",\"missing\":["u8);
        for (var i = 0; i < gap.Missing.Count; i++)
        {
            Field(ref json, i == 0 ? "["u8 : ",["u8, gap.Missing[i].First);
            Field(ref json, ","u8, gap.Missing[i].Last);
            json.Raw("]"u8);
        }

        Field(ref json, "],\"series\":"u8, gap.Series);
        Field(ref json, ",\"fromTime\":"u8, gap.FromTime);
        Field(ref json, ",\"toTime\":"u8, gap.ToTime);
        Field(ref json, ",\"openedTime\":"u8, gap.OpenedTime);
        Field(ref json, ",\"updatedTime\":"u8, gap.UpdatedTime);
        Flag(ref json, ",\"announced\":"u8, gap.IsAnnounced);
    }

    private static void Flag(ref Utf8Writer json, ReadOnlySpan<byte> name, bool value)
    {
        json.Raw(name);
        json.Raw(value ? "true"u8 : "false"u8);
    }

    private static void WriteOrNull(ref Utf8Writer json, long? value)
    {
        if (value is { } integer)
        {
            json.Integer(integer);
        }
        else
        {
            json.Raw("null"u8);
        }
    }
}
