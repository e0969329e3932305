using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pipeline.Simulator.Okx;

/// <summary>Answers of the control protocol.</summary>
internal static class OkxReply
{
    public static byte[] Ack(string operation, OkxArg arg, string? id, string connectionId) =>
        Encoding.UTF8.GetBytes($"{{{Id(id)}\"event\":\"{operation}\",\"arg\":{arg.Json},\"connId\":\"{connectionId}\"}}");

    public static byte[] Error(OkxError error, string? id, string connectionId) =>
        Event("error", error.Code, error.Message, id, connectionId);

    /// <summary>The connection is about to be closed for an upgrade.</summary>
    public static byte[] Notice(string connectionId) => Event(
        "notice", "64008", "The connection will soon be closed for a service upgrade. Please reconnect.", null, connectionId);

    private static byte[] Event(string name, string code, string message, string? id, string connectionId) =>
        Encoding.UTF8.GetBytes(
            $"{{{Id(id)}\"event\":\"{name}\",\"code\":\"{code}\",\"msg\":\"{Escape(message)}\",\"connId\":\"{connectionId}\"}}");

    private static string Id(string? id) => id is null ? "" : $"\"id\":\"{Escape(id)}\",";

    private static JsonEncodedText Escape(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
}
