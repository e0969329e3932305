namespace Pipeline.Core.Feeds.Pooling;

/// <summary>
/// Decides which connection takes which stream: round robin over the healthy ones with room. New ones are opened when those have not
/// room enough for all, and first, so that streams that come together are spread evenly and the important ones do not all share one
/// connection's fate. Where none may be opened, a connection that is not healthy takes the wish until it is. Plain logic.
/// </summary>
/// <param name="streamsPerConnection">Most streams on a connection.</param>
internal sealed class StreamPlacement(int streamsPerConnection)
{
    /// <summary>Where each route's round goes on.</summary>
    private readonly Dictionary<string, int> _next = new(StringComparer.Ordinal);

    /// <summary>Puts streams of one route on its connections and counts them there; returns those that found no place.</summary>
    /// <param name="slots">The connections of the route; new ones are added.</param>
    /// <param name="open">Opens one more; null when that is not allowed.</param>
    public List<PooledStream> Place(string route, IReadOnlyList<PooledStream> streams, List<PoolSlot> slots, Func<PoolSlot?> open)
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
            if ((Next(route, slots, static slot => slot.IsHealthy) ?? Next(route, slots, static slot => !slot.IsGivenUp)) is not { } slot)
            {
                homeless.Add(stream);
                continue;
            }

            stream.Slot = slot;
            slot.Count++;
        }

        return homeless;
    }

    private PoolSlot? Next(string route, List<PoolSlot> slots, Func<PoolSlot, bool> isFit)
    {
        var start = _next.GetValueOrDefault(route);
        for (var i = 0; i < slots.Count; i++)
        {
            var at = (start + i) % slots.Count;
            if (RoomOn(slots[at]) > 0 && isFit(slots[at]))
            {
                _next[route] = at + 1;
                return slots[at];
            }
        }

        return null;
    }

    private int RoomOn(PoolSlot slot) => Math.Max(0, streamsPerConnection - slot.Count);
}
