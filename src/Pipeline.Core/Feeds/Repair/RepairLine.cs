using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds.Repair;

/// <summary>The holes of one instrument, oldest first; one of them is asked for at a time.</summary>
internal sealed class RepairLine(Instrument instrument)
{
    public Instrument Instrument { get; } = instrument;

    public List<RepairHole> Holes { get; } = [];

    /// <summary>One of its holes is being asked for.</summary>
    public bool IsBusy { get; set; }

    /// <summary>Its place in the queue; an entry with another number is a stale one.</summary>
    public long Ticket { get; set; }

    /// <summary>When one of its holes was asked for last: whoever has waited longer goes before it.</summary>
    public long ServedAt { get; set; } = long.MinValue;

    /// <summary>When one of its holes may be asked for; the maximum when it has none.</summary>
    public long Due
    {
        get
        {
            var due = long.MaxValue;
            foreach (var hole in Holes)
            {
                due = Math.Min(due, hole.Due);
            }

            return due;
        }
    }

    public RepairHole? Find(long fromId) => Holes.Find(hole => hole.Request.FromId == fromId);

    /// <summary>The oldest that may be asked for.</summary>
    public RepairHole? Oldest(long now) => Holes.Find(hole => hole.Due <= now);

    public void Add(RepairHole hole)
    {
        var at = Holes.FindIndex(other => other.Request.OpenedTime > hole.Request.OpenedTime);
        Holes.Insert(at < 0 ? Holes.Count : at, hole);
    }
}
