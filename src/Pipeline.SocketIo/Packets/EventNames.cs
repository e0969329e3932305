using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pipeline.SocketIo.Packets;

/// <summary>Names of events between text and JSON.</summary>
internal static class EventNames
{
    /// <summary>Characters that stand for themselves in a JSON string.</summary>
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.:/ ");

    /// <summary>A JSON string, quotes included, to text; empty when it is no valid text.</summary>
    public static string Decode(ReadOnlySpan<byte> json)
    {
        if (!json.Contains((byte)'\\'))
        {
            return Encoding.UTF8.GetString(json[1..^1]);
        }

        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            return reader.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return "";
        }
    }

    /// <summary>Bytes of the name in JSON, without quotes.</summary>
    public static int Measure(string name, out byte[]? encoded)
    {
        encoded = name.AsSpan().ContainsAnyExcept(Plain)
            ? JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes.ToArray()
            : null;
        return encoded?.Length ?? name.Length;
    }

    public static void Write(string name, byte[]? encoded, Span<byte> target)
    {
        if (encoded is not null)
        {
            encoded.CopyTo(target);
        }
        else
        {
            Encoding.ASCII.GetBytes(name, target);
        }
    }
}
