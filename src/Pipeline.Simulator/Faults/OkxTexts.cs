using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pipeline.Simulator.Faults;

/// <summary>Events of OKX that a fault sends in the venue's place, in the venue's words (documentation and captures, 2025–2026).</summary>
internal static class OkxTexts
{
    public static byte[] Notice(int connection) => Event(
        "notice", "64008", "The connection will soon be closed for a service upgrade. Please reconnect.", connection, null);

    public static byte[] TooFrequent(int connection) => Event("error", "60014", "Requests too frequent", connection, null);

    public static byte[] NoSuchChannel(string channel, string instrument, int connection, string? requestId) => Event(
        "error", "60018",
        $"Wrong URL or channel:{channel},instId:{instrument} doesn't exist. Please use the correct URL, channel and parameters referring to API document.",
        connection, requestId);

    private static byte[] Event(string name, string code, string message, int connection, string? requestId)
    {
        var id = requestId is null ? "" : $"\"id\":\"{Escape(requestId)}\",";
        var number = connection.ToString("x8", CultureInfo.InvariantCulture);
        return Encoding.UTF8.GetBytes(
            $"{{{id}\"event\":\"{name}\",\"code\":\"{code}\",\"msg\":\"{Escape(message)}\",\"connId\":\"{number}\"}}");
    }

    private static string Escape(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
}
