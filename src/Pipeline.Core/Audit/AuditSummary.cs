using Pipeline.Core.Market;

namespace Pipeline.Core.Audit;

/// <summary>What the audit has come to: every candle counts once, by what was found of it last.</summary>
public sealed class AuditSummary
{
    private readonly SortedDictionary<AuditCause, int> _differing = [];
    private readonly SortedDictionary<AuditCause, int> _mended = [];

    /// <summary>Candles that both sides have, or that we lack though we should not.</summary>
    public long Checked { get; internal set; }

    /// <summary>Those of them that said the same all along.</summary>
    public long Equal => Checked - _differing.Values.Sum() - _mended.Values.Sum();

    /// <summary>Candles that are not the same, by cause.</summary>
    public IReadOnlyDictionary<AuditCause, int> Differing => _differing;

    /// <summary>Candles that were not the same and are now, by cause.</summary>
    public IReadOnlyDictionary<AuditCause, int> Mended => _mended;

    /// <summary>Candles of the venue that we had nothing to compare with: empty ones, and those before we began.</summary>
    public long VenueOnly { get; internal set; }

    /// <summary>Candles of ours that the venue's were not seen of.</summary>
    public long OursOnly { get; internal set; }

    internal void Replace(AuditFinding? before, AuditFinding? now)
    {
        Count(before, -1);
        Count(now, 1);
    }

    private void Count(AuditFinding? finding, int by)
    {
        if (finding is null)
        {
            return;
        }

        var counts = finding.Agrees ? _mended : _differing;
        var count = counts.GetValueOrDefault(finding.Cause) + by;
        if (count == 0)
        {
            counts.Remove(finding.Cause);
        }
        else
        {
            counts[finding.Cause] = count;
        }
    }
}
