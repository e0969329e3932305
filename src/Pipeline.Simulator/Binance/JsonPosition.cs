using System.Text.Json;

namespace Pipeline.Simulator.Binance;

/// <summary>
/// Says where and how a text stops being JSON in the words the venue's parser uses: position is the one-based line and the number
/// of bytes read of it.
/// </summary>
internal static class JsonPosition
{
    public static string Describe(ReadOnlySpan<byte> text, JsonException exception)
    {
        var offset = Offset(text, exception);
        return offset >= text.TrimEnd(" \t\r\n"u8).Length
            ? $"EOF while parsing {WhatIsOpen(text)}{At(text, text.Length)}"
            : $"expected value{At(text, offset + 1)}";
    }

    /// <summary>" at line L column C" after <paramref name="consumed"/> bytes.</summary>
    public static string At(ReadOnlySpan<byte> text, int consumed)
    {
        var read = text[..Math.Min(consumed, text.Length)];
        return $" at line {read.Count((byte)'\n') + 1} column {read.Length - (read.LastIndexOf((byte)'\n') + 1)}";
    }

    private static int Offset(ReadOnlySpan<byte> text, JsonException exception)
    {
        var start = 0;
        for (var line = exception.LineNumber ?? 0; line > 0; line--)
        {
            start += text[start..].IndexOf((byte)'\n') + 1;
        }

        return start + (int)(exception.BytePositionInLine ?? 0);
    }

    private static string WhatIsOpen(ReadOnlySpan<byte> text)
    {
        var open = new Stack<byte>();
        var inString = false;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case (byte)'\\' when inString:
                    i++;
                    break;
                case (byte)'"':
                    inString = !inString;
                    break;
                case (byte)'{' or (byte)'[' when !inString:
                    open.Push(text[i]);
                    break;
                case (byte)'}' or (byte)']' when !inString:
                    open.TryPop(out _);
                    break;
            }
        }

        return inString ? "a string" : !open.TryPeek(out var last) ? "a value" : last == (byte)'{' ? "an object" : "a list";
    }
}
