using System.Buffers.Text;

namespace Pipeline.Gateway.Security;

/// <summary>base64url (RFC 4648 §5) in its one canonical form: without padding, blanks, or bits left over at the end.</summary>
internal static class StrictBase64Url
{
    /// <summary>Null when the text is empty or not of that form.</summary>
    public static byte[]? Decode(string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
            {
                return null;
            }
        }

        try
        {
            var bytes = Base64Url.DecodeFromChars(text);
            return Base64Url.EncodeToString(bytes) == text ? bytes : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
