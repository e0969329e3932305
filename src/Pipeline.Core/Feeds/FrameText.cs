using System.Globalization;
using System.Text;

namespace Pipeline.Core.Feeds;

/// <summary>The beginning of a frame as one line of text that may be logged, whatever the venue sent.</summary>
internal static class FrameText
{
    /// <summary>Bytes shown.</summary>
    public const int MostBytes = 256;

    /// <summary>UTF-8, what is none replaced by U+FFFD; characters that control a terminal or break a line are escaped.</summary>
    public static string Show(ReadOnlySpan<byte> frame)
    {
        var text = Encoding.UTF8.GetString(Cut(frame));
        if (!text.Any(IsUnsafe))
        {
            return text;
        }

        var safe = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            if (IsUnsafe(character))
            {
                safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            }
            else
            {
                safe.Append(character);
            }
        }

        return safe.ToString();
    }

    /// <summary>Not within a character of several bytes.</summary>
    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> frame)
    {
        if (frame.Length <= MostBytes)
        {
            return frame;
        }

        var end = MostBytes;
        while (end > MostBytes - 4 && (frame[end] & 0xC0) == 0x80)
        {
            end--;
        }

        return frame[..end];
    }

    private static bool IsUnsafe(char character) => char.GetUnicodeCategory(character)
        is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Format;
}
