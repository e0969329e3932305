using System.Buffers;
using System.Text;

namespace Pipeline.Fanout.Handshake;

/// <summary>
/// The head of a GET request, read strictly (RFC 9112): anything that is not exactly right is not read at all but left to the HTTP server
/// and its answers. Holds the bytes it was made from, and is of use only while these are.
/// </summary>
internal sealed class RequestHead
{
    private const int MaxHeaders = 100;

    private static readonly SearchValues<byte> TokenBytes =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private readonly ReadOnlyMemory<byte> _headers;

    private RequestHead(string path, string query, ReadOnlyMemory<byte> headers)
    {
        Path = path;
        Query = query;
        _headers = headers;
    }

    /// <summary>Path, percent-decoded.</summary>
    public string Path { get; }

    /// <summary>Query with its question mark, or empty.</summary>
    public string Query { get; }

    /// <param name="head">All up to and with the empty line.</param>
    public static RequestHead? Parse(ReadOnlyMemory<byte> head)
    {
        var span = head.Span;
        var end = span.IndexOf("\r\n"u8);
        if (end < 0 || !span.StartsWith("GET /"u8) || !span[..end].EndsWith(" HTTP/1.1"u8))
        {
            return null;
        }

        var target = span["GET ".Length..(end - " HTTP/1.1".Length)];
        var headers = head[(end + 2)..];
        if (target.ContainsAnyExceptInRange((byte)0x21, (byte)0x7E) || target.Contains((byte)'#') || !AreSound(headers.Span))
        {
            return null;
        }

        var question = target.IndexOf((byte)'?');
        var path = Encoding.ASCII.GetString(question < 0 ? target : target[..question]);
        var query = question < 0 ? "" : Encoding.ASCII.GetString(target[question..]);
        return new RequestHead(path.Contains('%') ? Uri.UnescapeDataString(path) : path, query, headers);
    }

    /// <summary>Value of a header; several of a name are joined by a comma.</summary>
    public string? Header(string name)
    {
        string? value = null;
        var rest = _headers.Span;
        while (NextLine(ref rest) is { IsEmpty: false } line)
        {
            var colon = line.IndexOf((byte)':');
            if (Ascii.EqualsIgnoreCase(line[..colon], name))
            {
                var one = Encoding.Latin1.GetString(line[(colon + 1)..].Trim(" \t"u8));
                value = value is null ? one : value + "," + one;
            }
        }

        return value;
    }

    private static bool AreSound(ReadOnlySpan<byte> headers)
    {
        var hosts = 0;
        var count = 0;
        while (NextLine(ref headers) is { IsEmpty: false } line)
        {
            // A name, a colon right behind it, and no control characters; a line that begins with a blank continues another: obsolete.
            var colon = line.IndexOf((byte)':');
            if (colon <= 0 || ++count > MaxHeaders || line[..colon].ContainsAnyExcept(TokenBytes) || HasControls(line[(colon + 1)..]))
            {
                return false;
            }

            hosts += Ascii.EqualsIgnoreCase(line[..colon], "Host"u8) ? 1 : 0;

            // A body would stand where the first frame is expected.
            if (Ascii.EqualsIgnoreCase(line[..colon], "Transfer-Encoding"u8)
                || (Ascii.EqualsIgnoreCase(line[..colon], "Content-Length"u8) && !line[(colon + 1)..].Trim(" \t"u8).SequenceEqual("0"u8)))
            {
                return false;
            }
        }

        return hosts == 1 && headers.IsEmpty;
    }

    private static bool HasControls(ReadOnlySpan<byte> value)
    {
        foreach (var b in value)
        {
            if (b is (< 0x20 and not (byte)'\t') or 0x7F)
            {
                return true;
            }
        }

        return false;
    }

    private static ReadOnlySpan<byte> NextLine(ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf("\r\n"u8);
        if (end < 0)
        {
            return default;
        }

        var line = rest[..end];
        rest = rest[(end + 2)..];
        return line;
    }
}
