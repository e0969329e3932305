namespace Pipeline.Kafka.Verification;

/// <summary>Counts all findings and keeps the first of each kind: a log that is wrong throughout must not fill the memory.</summary>
public sealed class FindingLog
{
    private readonly long[] _counts = new long[Enum.GetValues<FindingKind>().Length];
    private readonly List<Finding> _kept = [];

    /// <summary>Findings of a kind that are kept. Default 50.</summary>
    public int KeptOfKind { get; init; } = 50;

    /// <summary>Told of each finding that is kept, as it is made.</summary>
    public Action<Finding>? Listener { get; init; }

    /// <summary>In the order they were made.</summary>
    public IReadOnlyList<Finding> Kept => _kept;

    public void Add(Finding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        if (_counts[(int)finding.Kind]++ < KeptOfKind)
        {
            _kept.Add(finding);
            Listener?.Invoke(finding);
        }
    }

    public long CountOf(FindingKind kind) => _counts[(int)kind];

    public long CountOf(FindingSeverity severity) =>
        Enum.GetValues<FindingKind>().Where(kind => FindingKinds.SeverityOf(kind) == severity).Sum(CountOf);
}
