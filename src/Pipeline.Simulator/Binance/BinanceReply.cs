using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pipeline.Simulator.Binance;

/// <summary>Answers of the control protocol; never wrapped in the combined envelope.</summary>
internal static class BinanceReply
{
    public static byte[] Null(ReadOnlySpan<byte> id) => Result("null"u8, id);

    public static byte[] Flag(bool value, ReadOnlySpan<byte> id) => Result(value ? "true"u8 : "false"u8, id);

    public static byte[] Names(IReadOnlyList<string> names, ReadOnlySpan<byte> id) =>
        Result(Encoding.UTF8.GetBytes($"[{string.Join(',', names.Select(name => $"\"{name}\""))}]"), id);

    public static byte[] Error(RequestError error, ReadOnlySpan<byte> id)
    {
        var code = error.Code.ToString(CultureInfo.InvariantCulture);
        var message = JsonEncodedText.Encode(error.Message, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        var body = Encoding.UTF8.GetBytes($"{{\"error\":{{\"code\":{code},\"msg\":\"{message}\"}}");
        return error.EchoesId ? [.. body, .. ",\"id\":"u8, .. id, (byte)'}'] : [.. body, (byte)'}'];
    }

    private static byte[] Result(ReadOnlySpan<byte> value, ReadOnlySpan<byte> id) =>
        [.. "{\"result\":"u8, .. value, .. ",\"id\":"u8, .. id, (byte)'}'];
}
