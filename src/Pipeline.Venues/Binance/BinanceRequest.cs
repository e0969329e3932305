using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pipeline.Core.Feeds;

namespace Pipeline.Venues.Binance;

/// <summary>Requests of the control protocol, the same on every market: <c>{"method":"SUBSCRIBE","params":[…],"id":1}</c>.</summary>
internal static class BinanceRequest
{
    // Names outside ASCII go as they are: escapes would cost three times the bytes of a request that may have 4,000.
    private static readonly JsonWriterOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Encode(SubscriptionAction action, long id, IReadOnlyList<string> streams)
    {
        var buffer = new ArrayBufferWriter<byte>(64 + (streams.Count * 24));
        using var writer = new Utf8JsonWriter(buffer, Format);
        writer.WriteStartObject();
        writer.WriteString("method"u8, action == SubscriptionAction.Subscribe ? "SUBSCRIBE"u8 : "UNSUBSCRIBE"u8);
        writer.WriteStartArray("params"u8);
        foreach (var stream in streams)
        {
            writer.WriteStringValue(stream);
        }

        writer.WriteEndArray();
        writer.WriteNumber("id"u8, id);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
