using System.Buffers.Text;

namespace Pipeline.Simulator.Faults;

/// <summary>Ids of trades in a frame on its way out, as the venue's stream names them.</summary>
internal static class TradeIds
{
    /// <summary>Least and greatest id; null when the stream is none of trades.</summary>
    public static (long First, long Last)? Of(string stream, ReadOnlySpan<byte> frame) => stream switch
    {
        _ when stream.EndsWith("@trade", StringComparison.Ordinal) => Read(frame, "\"t\":"u8),
        _ when stream.EndsWith("@aggTrade", StringComparison.Ordinal) => Read(frame, "\"a\":"u8),
        _ when stream.StartsWith("trades", StringComparison.Ordinal) => Read(frame, "\"tradeId\":\""u8),
        _ when stream.StartsWith("publicTrade", StringComparison.Ordinal) => Read(frame, "\"i\":\""u8),
        _ => null,
    };

    private static (long First, long Last)? Read(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> name)
    {
        (long First, long Last)? ids = null;
        for (var at = frame.IndexOf(name); at >= 0; at = frame.IndexOf(name))
        {
            frame = frame[(at + name.Length)..];
            if (Utf8Parser.TryParse(frame, out long id, out _))
            {
                ids = ids is { } seen ? (Math.Min(seen.First, id), Math.Max(seen.Last, id)) : (id, id);
            }
        }

        return ids;
    }
}
