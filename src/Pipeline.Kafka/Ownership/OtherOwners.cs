namespace Pipeline.Kafka.Ownership;

/// <summary>
/// All who may still write to a partition, in the order of their claims: one that was claimed away from may be flushing while the one
/// that claimed has ended already.
/// </summary>
internal sealed class OtherOwners
{
    private readonly List<OtherOwner> _all = [];

    public int Count => _all.Count;

    /// <summary>Whose claim is the newest that is known of; null = nobody ever claimed.</summary>
    public string? Last { get; private set; }

    public void Claim(long offset, OwnerRecord record, long now)
    {
        Last = record.Instance;
        _all.RemoveAll(one => one.Process == record.Process);
        foreach (var same in _all.Where(one => one.Instance == record.Instance))
        {
            same.IsSuperseded = true;
        }

        _all.Add(new OtherOwner(record.Instance, record.Process, offset) { Seen = now });
    }

    /// <summary>A sign of life: whoever gives one owns, and those who claimed before it have ended.</summary>
    /// <param name="isSince">It stands behind our claim.</param>
    public void See(OwnerRecord record, bool isSince, long now)
    {
        Last ??= record.Instance;
        _all.RemoveAll(one => one.Claim < record.Epoch && one.Process != record.Process);
        var known = _all.Find(one => one.Process == record.Process);
        if (known is null)
        {
            known = new OtherOwner(record.Instance, record.Process, record.Epoch);
            _all.Insert(0, known);
        }

        known.Seen = now;
        known.IsAliveSince |= isSince;
        known.IsSuperseded &= !isSince;
    }

    public void End(OwnerRecord record) => _all.RemoveAll(one => one.Process == record.Process && (record.Epoch == 0 || one.Claim <= record.Epoch));

    /// <summary>None of them writes any more: it is ours.</summary>
    public void Clear() => _all.Clear();

    /// <summary>Their silence counts from now on.</summary>
    public void SeeAll(long now) => _all.ForEach(one => one.Seen = now);

    public void BeginClaim() => _all.ForEach(one => one.IsAliveSince = false);

    /// <summary>True when none of them is heard any more, or each is known to be gone by its name.</summary>
    /// <param name="silence">Since when who was not seen is taken for dead.</param>
    public bool AreGone(string instance, long silence) => _all.TrueForAll(one => IsGone(one, instance) || one.Seen <= silence);

    /// <summary>True when each is known to be gone by its name.</summary>
    public bool AreRestarted(string instance) => _all.TrueForAll(one => IsGone(one, instance));

    /// <summary>The newest sign of one who is not known to be gone; the maximum when there is none.</summary>
    public long LastSeen(string instance) => _all.Where(one => !IsGone(one, instance)).Select(one => one.Seen).DefaultIfEmpty(long.MaxValue).Max();

    private static bool IsGone(OtherOwner one, string instance) => (one.Instance == instance || one.IsSuperseded) && !one.IsAliveSince;
}
