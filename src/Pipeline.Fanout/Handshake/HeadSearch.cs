using System.Buffers;

namespace Pipeline.Fanout.Handshake;

/// <summary>Looks for the end of a request's head while it comes in, each byte once.</summary>
internal struct HeadSearch(int maxBytes)
{
    private long _lookedAt;

    /// <summary>Bytes of the head with its empty line, once it is complete.</summary>
    public long HeadLength { get; private set; }

    /// <summary>Bytes that earlier calls have seen.</summary>
    public long LookedAtBefore { get; private set; }

    /// <param name="buffer">Everything that came so far.</param>
    public HeadOutcome Look(in ReadOnlySequence<byte> buffer)
    {
        LookedAtBefore = _lookedAt;
        _lookedAt = buffer.Length;
        if (!CanBeGet(buffer))
        {
            return HeadOutcome.PassOn;
        }

        // The empty line may have begun in what was seen before. A bare line feed ends a head too, for the HTTP server to judge.
        var reader = new SequenceReader<byte>(buffer);
        reader.Advance(Math.Max(0, LookedAtBefore - 3));
        while (reader.TryAdvanceTo((byte)'\n'))
        {
            var behind = reader;
            behind.IsNext((byte)'\r', advancePast: true);
            if (behind.IsNext((byte)'\n', advancePast: true))
            {
                HeadLength = behind.Consumed;
                return HeadLength > maxBytes ? HeadOutcome.PassOn : HeadOutcome.Complete;
            }
        }

        return buffer.Length > maxBytes ? HeadOutcome.PassOn : HeadOutcome.Incomplete;
    }

    private static bool CanBeGet(in ReadOnlySequence<byte> buffer)
    {
        Span<byte> start = stackalloc byte[4];
        var length = (int)Math.Min(4, buffer.Length);
        buffer.Slice(0, length).CopyTo(start);
        return "GET "u8.StartsWith(start[..length]);
    }
}
