namespace Pipeline.Core.Feeds.Pooling;

/// <summary>
/// Decides which connection takes which stream: round robin over the healthy ones with room. New ones are opened when those have not
/// room enough for all, and first, so that streams that come together are spread evenly and the important ones do not all share one
/// connection's fate. Where none may be opened, a connection that is not healthy takes the wish until it is. Plain logic.
/// </summary>
/// <param name="streamsPerConnection">Most streams on a connection.</param>
internal sealed class StreamPlacement(int streamsPerConnection)
{
    /// <summary>Where each kind's round goes on.</summary>
    private readonly Dictionary<(string Route, int Legs), int> _next = [];

    /// <summary>Puts streams of one kind on connections of that kind and counts them there; returns those that found no place.</summary>
    /// <param name="kind">Route and number of legs: streams that differ in either never share a connection.</param>
    /// <param name="slots">The connections of this kind; new ones are added.</param>
    /// <param name="open">Opens one more; null when that is not allowed.</param>
    public List<PooledStream> Place((string Route, int Legs) kind, IReadOnlyList<PooledStream> streams, List<PoolSlot> slots, Func<PoolSlot?> open)
    {
        for (var room = slots.Where(slot => slot.IsHealthy).Sum(RoomOn); room < streams.Count; room += streamsPerConnection)
        {
            if (open() is not { } opened)
            {
                break;
            }

            slots.Add(opened);
        }

        var homeless = new List<PooledStream>();
        foreach (var stream in streams)
        {
            if ((Next(kind, slots, static slot => slot.IsHealthy) ?? Next(kind, slots, static slot => !slot.IsGivenUp)) is not { } slot)
            {
                homeless.Add(stream);
                continue;
            }

            stream.Slot = slot;
            slot.Count++;
        }

        return homeless;
    }

    private PoolSlot? Next((string Route, int Legs) kind, List<PoolSlot> slots, Func<PoolSlot, bool> isFit)
    {
        var start = _next.GetValueOrDefault(kind);
        for (var i = 0; i < slots.Count; i++)
        {
            var at = (start + i) % slots.Count;
            if (RoomOn(slots[at]) > 0 && isFit(slots[at]))
            {
                _next[kind] = at + 1;
                return slots[at];
            }
        }

        return null;
    }

    private int RoomOn(PoolSlot slot) => Math.Max(0, streamsPerConnection - slot.Count);
}
