using System.Text;
using System.Text.Unicode;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Transcripts;

/// <summary>How an entry is written, in a file and at the control port alike.</summary>
internal static class TranscriptText
{
    public static object Of(TranscriptEntry entry)
    {
        var head = WholeCharacters(entry.Head);
        var isText = Utf8.IsValid(head);
        return new
        {
            entry.At,
            entry.Clock,
            entry.Connection,
            Venue = entry.Venue.Name(),
            Direction = entry.IsIn ? "in" : "out",
            Opcode = Name(entry.Opcode),
            entry.Size,
            Text = isText ? Encoding.UTF8.GetString(head) : null,
            Base64 = isText ? null : Convert.ToBase64String(entry.Head),
        };
    }

    /// <summary>A cut may have gone through a character: what is left of it at the end is taken off.</summary>
    private static ReadOnlySpan<byte> WholeCharacters(ReadOnlySpan<byte> head)
    {
        for (var cut = 0; cut < Math.Min(4, head.Length); cut++)
        {
            if (Utf8.IsValid(head[..^cut]))
            {
                return head[..^cut];
            }
        }

        return head;
    }

    private static string Name(byte opcode) => opcode switch
    {
        Opcode.Continuation => "continuation",
        Opcode.Text => "text",
        Opcode.Binary => "binary",
        Opcode.Close => "close",
        Opcode.Ping => "ping",
        _ => "pong",
    };
}
