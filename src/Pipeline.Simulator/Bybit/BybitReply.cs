using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pipeline.Simulator.Bybit;

/// <summary>Answers of the control protocol.</summary>
internal static class BybitReply
{
    public static byte[] Pong(string? requestId, string connectionId)
    {
        var id = requestId is null ? "" : $"\"req_id\":\"{Escape(requestId)}\",";
        return Encoding.UTF8.GetBytes($"{{\"success\":true,\"ret_msg\":\"pong\",\"conn_id\":\"{connectionId}\",{id}\"op\":\"ping\"}}");
    }

    public static byte[] Result(bool success, string message, string operation, string? requestId, string connectionId) =>
        Encoding.UTF8.GetBytes(
            $"{{\"success\":{(success ? "true" : "false")},\"ret_msg\":\"{Escape(message)}\",\"conn_id\":\"{connectionId}\","
            + $"\"req_id\":\"{Escape(requestId ?? "")}\",\"op\":\"{Escape(operation)}\"}}");

    private static string Escape(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
}
