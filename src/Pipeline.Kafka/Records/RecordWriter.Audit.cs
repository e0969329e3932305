using Pipeline.Core.Audit;
using Pipeline.Core.Market;

namespace Pipeline.Kafka.Records;

internal sealed partial class RecordWriter
{
    private const int MaxAudit = 320 + (4 * Utf8Writer.MaxInteger);

    /// <summary>Values of <c>md.audit</c>.</summary>
    public ReadOnlySpan<byte> Write(AuditFinding finding)
    {
        var prefix = instruments.Of(finding.Instrument).NameAndSymbol;
        var json = new Utf8Writer(Room(prefix.Length + MaxAudit + finding.Differences.Sum(SizeOf)));
        json.Raw(prefix);
        json.Raw(",\"interval\":\""u8);
        json.Raw(IntervalNames.Utf8(finding.Interval));
        json.Raw("\",\"openTime\":"u8);
        json.Integer(finding.OpenTime);
        json.Raw(",\"closeTime\":"u8);
        json.Integer(finding.CloseTime);
        json.Raw(",\"cause\":\""u8);
        json.Escaped(AuditNames.Of(finding.Cause));
        json.Raw(finding.Agrees ? "\",\"agrees\":true,\"differences\":["u8 : "\",\"agrees\":false,\"differences\":["u8);
        for (var i = 0; i < finding.Differences.Count; i++)
        {
            Write(ref json, finding.Differences[i], isFirst: i == 0);
        }

        json.Raw("],\"revision\":"u8);
        json.Integer(finding.Revision);
        json.Raw(finding.Complete ? ",\"complete\":true,\"foundTime\":"u8 : ",\"complete\":false,\"foundTime\":"u8);
        json.Integer(finding.FoundTime);
        json.Raw("}"u8);
        return json.Written;
    }

    // Names and values are ASCII: a byte for each character.
    private static int SizeOf(AuditDifference difference) =>
        64 + AuditNames.Of(difference.Field).Length + (difference.Ours?.Length ?? 0) + difference.Venue.Length + (difference.Before?.Length ?? 0);

    private static void Write(ref Utf8Writer json, AuditDifference difference, bool isFirst)
    {
        json.Raw(isFirst ? "{\"field\":\""u8 : ",{\"field\":\""u8);
        json.Escaped(AuditNames.Of(difference.Field));
        json.Raw("\",\"ours\":"u8);
        WriteTextOrNull(ref json, difference.Ours);
        json.Raw(",\"venue\":\""u8);
        json.Escaped(difference.Venue);
        json.Raw("\",\"before\":"u8);
        WriteTextOrNull(ref json, difference.Before);
        json.Raw("}"u8);
    }

    private static void WriteTextOrNull(ref Utf8Writer json, string? text)
    {
        if (text is null)
        {
            json.Raw("null"u8);
            return;
        }

        json.Raw("\""u8);
        json.Escaped(text);
        json.Raw("\""u8);
    }
}
