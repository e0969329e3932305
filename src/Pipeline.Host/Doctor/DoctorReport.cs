using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pipeline.Host.Doctor;

/// <summary>Results as text and as JSON.</summary>
internal static class DoctorReport
{
    private static readonly JsonWriterOptions Layout = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string WordOf(Verdict verdict) => verdict switch
    {
        Verdict.Ok => "ok",
        Verdict.Warning => "warning",
        Verdict.Failed => "failed",
        _ => "not checked",
    };

    /// <summary>One line, for a pipe: verdict, name, time, what is so and what to do.</summary>
    /// <param name="width">Of the longest name.</param>
    public static string ToLine(CheckResult result, int width) =>
        $"{WordOf(result.Verdict),-11}  {result.Name.PadRight(width)}  {Took(result.Took),7}  {TextOf(result.Finding)}";

    /// <summary>What is so, and what to do where something is.</summary>
    public static string TextOf(Finding finding) => finding.Advice is { } advice ? $"{finding.Message} -> {advice}" : finding.Message;

    public static string Summary(IReadOnlyList<CheckResult> results, TimeSpan took)
    {
        var counts = results.CountBy(result => result.Verdict).OrderBy(one => one.Key).Select(one => $"{one.Value} {WordOf(one.Key)}");
        return $"{results.Count} checks in {Took(took)}: {string.Join(", ", counts)}";
    }

    /// <remarks>By hand: the serializer needs more libraries, which are files, than a process that is short of files may open.</remarks>
    public static string ToJson(string topology, IReadOnlyList<CheckResult> results, TimeSpan took)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text, Layout))
        {
            json.WriteStartObject();
            json.WriteString("topology"u8, topology);
            json.WriteString("result"u8, IsFailed(results) ? "failed" : "ok");
            json.WriteNumber("milliseconds"u8, Milliseconds(took));
            json.WriteStartArray("checks"u8);
            foreach (var result in results)
            {
                Write(json, result);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    public static bool IsFailed(IEnumerable<CheckResult> results) => results.Any(result => result.Verdict == Verdict.Failed);

    public static string Took(TimeSpan time) => time < TimeSpan.FromSeconds(1)
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");

    private static void Write(Utf8JsonWriter json, CheckResult result)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, result.Name);
        json.WriteString("verdict"u8, WordOf(result.Verdict));
        json.WriteString("message"u8, result.Finding.Message);
        json.WriteString("advice"u8, result.Finding.Advice);
        json.WriteNumber("milliseconds"u8, Milliseconds(result.Took));
        json.WriteEndObject();
    }

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 1);
}
