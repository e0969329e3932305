using Pipeline.Core.Market;

namespace Pipeline.Core.Restart;

/// <summary>A hole that the log tells of, or lets see, and what of it the log has filled.</summary>
internal sealed class LogHole(Gap gap)
{
    private readonly List<IdRange> _missing = [.. gap.Missing];

    public long FromId => gap.FromId;

    public long ToId => gap.ToId;

    /// <summary>No record announced it: the trades alone show it.</summary>
    public bool IsFound { get; init; }

    /// <summary>Everything came, and the record that says so did not.</summary>
    public bool IsFilled => _missing.Count == 0;

    /// <summary>Takes the ids that are missing here; false when none is.</summary>
    public bool Take(long first, long last)
    {
        if (first > ToId || last < FromId)
        {
            return false;
        }

        for (var i = 0; i < _missing.Count; i++)
        {
            var range = _missing[i];
            if (range.First > last || range.Last < first)
            {
                continue;
            }

            _missing.RemoveAt(i);
            if (range.Last > last)
            {
                _missing.Insert(i, range with { First = last + 1 });
            }

            if (range.First < first)
            {
                _missing.Insert(i, range with { Last = first - 1 });
            }

            Take(first, last);
            return true;
        }

        return false;
    }

    public Gap ToGap() => gap with { State = GapState.Open, Missing = [.. _missing], IsAnnounced = true };
}
