using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Pipeline.Kafka.Verification;

namespace Pipeline.Host.Verifying;

/// <summary>The result as plain lines, or as one JSON object.</summary>
internal sealed class VerifyReport(LogProof proof, bool hasLedger, double perSecond, TimeSpan elapsed)
{
    private int ExitCode => VerifyResult.ExitCodeOf(proof.Findings);

    public IEnumerable<string> ToLines()
    {
        var counts = proof.Counts;
        foreach (var finding in proof.Findings.Kept.OrderByDescending(finding => finding.Severity))
        {
            yield return $"{Word(finding.Severity),-12} {finding}";
        }

        foreach (var kind in Enum.GetValues<FindingKind>().Where(kind => proof.Findings.CountOf(kind) > proof.Findings.KeptOfKind))
        {
            yield return Line($"{Word(FindingKinds.SeverityOf(kind)),-12} {FindingKinds.NameOf(kind)}: {proof.Findings.CountOf(kind):#,0} in all");
        }

        yield return Line($"trades       {counts.TradeRecords:#,0} records of {proof.Instruments:#,0} instruments, {counts.Ids:#,0} ids, {counts.Holes:#,0} holes, {counts.RepairedIds:#,0} ids repaired behind later ones");
        yield return Line($"losses       {counts.AbandonedIds:#,0} ids given up and announced, {counts.SilentIds:#,0} of which the venue has nothing");
        yield return Line($"candles      {counts.CandleRecords:#,0} records, {counts.CandlesEqual:#,0} equal to their trades ({counts.IncompleteCandlesEqual:#,0} incomplete), {counts.MixedCandles:#,0} begun by the venue's, {counts.OtherCandles:#,0} of another source, {counts.OpenWindows:#,0} windows open");
        yield return hasLedger
            ? Line($"gaps         {counts.GapRecords:#,0} records")
            : "gaps         no ledger: the topic does not exist, no hole is explained";
        if (counts.Compared + counts.CandlesCompared > 0)
        {
            yield return Line($"venue        {counts.Compared:#,0} trades and {counts.CandlesCompared:#,0} candles compared with the venue's");
        }

        yield return Line($"read         {perSecond:#,0} records/s, {elapsed.TotalSeconds:0.0} s");
        yield return Line($"result       {VerifyResult.NameOf(ExitCode)}: {Count(FindingSeverity.Contradiction):#,0} contradictions, {Count(FindingSeverity.CannotProve):#,0} not provable, {Count(FindingSeverity.AnnouncedLoss):#,0} announced losses, {Count(FindingSeverity.Note):#,0} notes");
    }

    public string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("result", VerifyResult.NameOf(ExitCode));
        json.WriteNumber("exitCode", ExitCode);
        json.WriteBoolean("ledger", hasLedger);
        json.WriteNumber("recordsPerSecond", Math.Round(perSecond));
        json.WriteNumber("seconds", Math.Round(elapsed.TotalSeconds, 3));
        json.WriteNumber("instruments", proof.Instruments);
        json.WritePropertyName("counts");
        JsonSerializer.Serialize(json, proof.Counts, JsonSerializerOptions.Web);
        WriteKinds(json);
        WriteFindings(json);
        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private void WriteKinds(Utf8JsonWriter json)
    {
        json.WriteStartObject("kinds");
        foreach (var kind in Enum.GetValues<FindingKind>().Where(kind => proof.Findings.CountOf(kind) > 0))
        {
            json.WriteNumber(FindingKinds.NameOf(kind), proof.Findings.CountOf(kind));
        }

        json.WriteEndObject();
    }

    private void WriteFindings(Utf8JsonWriter json)
    {
        json.WriteStartArray("findings");
        foreach (var finding in proof.Findings.Kept)
        {
            json.WriteStartObject();
            json.WriteString("kind", FindingKinds.NameOf(finding.Kind));
            json.WriteString("severity", Word(finding.Severity));
            json.WriteString("topic", finding.Topic);
            json.WriteNumber("partition", finding.Partition);
            json.WriteNumber("offset", finding.Offset);
            json.WriteString("instrument", finding.Instrument);
            json.WriteString("what", finding.What);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private long Count(FindingSeverity severity) => proof.Findings.CountOf(severity);

    private static string Word(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Contradiction => "wrong",
        FindingSeverity.CannotProve => "cannot-prove",
        FindingSeverity.AnnouncedLoss => "lost",
        _ => "note",
    };

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
