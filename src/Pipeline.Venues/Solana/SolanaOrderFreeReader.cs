using System.Text.Json;
using Pipeline.Core.Feeds;
using Pipeline.Venues.Scanning;

namespace Pipeline.Venues.Solana;

/// <summary>
/// Reads a frame whatever the order of its members, passing over those it does not know. The authority on what a frame means: the
/// predictive reader only ever answers as this one would.
/// </summary>
internal static class SolanaOrderFreeReader
{
    /// <summary>Null when the frame was taken, else the reason why it is a dead letter.</summary>
    public static string? Read(ReadOnlySpan<byte> frame, SymbolTable symbols, VenueBatch into)
    {
        try
        {
            return ReadFrame(frame, symbols, into);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            // JsonException: no JSON, too deep, or invalid UTF-8 in a name or text that was looked at.
            return DeadLetterReason.Malformed;
        }
    }

    private static string? ReadFrame(ReadOnlySpan<byte> frame, SymbolTable symbols, VenueBatch into)
    {
        var json = new Utf8JsonReader(frame);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            return DeadLetterReason.Malformed;
        }

        Span<byte> name = stackalloc byte[64];
        Span<byte> mint = stackalloc byte[6 * 44];
        Span<byte> signature = stackalloc byte[6 * SolanaEvent.LongestSignature];
        scoped var found = default(SolanaEvent);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("event"u8))
            {
                json.Read();
                found.SetName(JsonValues.Text(json, name));
                json.Skip();
            }
            else if (json.ValueTextEquals("mint"u8))
            {
                json.Read();
                found.Mint = JsonValues.Text(json, mint);
                json.Skip();
            }
            else if (json.ValueTextEquals("signature"u8))
            {
                json.Read();
                found.Signature = JsonValues.Text(json, signature);
                json.Skip();
            }
            else if (json.ValueTextEquals("price"u8))
            {
                json.Read();
                found.Price = JsonValues.ReadNumber(ref json);
            }
            else if (json.ValueTextEquals("time"u8))
            {
                json.Read();
                found.Time = JsonValues.ReadInteger(ref json);
            }
            else if (json.ValueTextEquals("slot"u8))
            {
                json.Read();
                found.Slot = JsonValues.ReadInteger(ref json);
            }
            else if (json.ValueTextEquals("index"u8))
            {
                json.Read();
                found.Index = JsonValues.ReadInteger(ref json);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        return json.Read() || !System.Text.Unicode.Utf8.IsValid(frame) ? DeadLetterReason.Malformed : found.AddTo(into, symbols);
    }
}
