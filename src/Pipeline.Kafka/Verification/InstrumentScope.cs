using System.Text;

namespace Pipeline.Kafka.Verification;

/// <summary>The names of an instrument, and how its findings are told.</summary>
internal sealed class InstrumentScope
{
    private readonly FindingLog _findings;
    private readonly string _prefix;

    public InstrumentScope(string key, ProofOptions options, FindingLog findings, ProofCounts counts)
    {
        Key = key;
        Options = options;
        Rules = options.RulesOf(key);
        Counts = counts;
        _findings = findings;
        _prefix = options.TopicPrefix;
        var colon = key.IndexOf(':', StringComparison.Ordinal);
        Venue = Encoding.UTF8.GetBytes(key[..Math.Max(0, colon)]);
        Instrument = Encoding.UTF8.GetBytes(key[(colon + 1)..]);
    }

    /// <summary><c>venue:instrument</c>.</summary>
    public string Key { get; }

    /// <summary>Of all its topics; -1 before its first record.</summary>
    public int Partition { get; set; } = -1;

    public byte[] Venue { get; }

    public byte[] Instrument { get; }

    public ProofOptions Options { get; }

    public ProofRules Rules { get; }

    public ProofCounts Counts { get; }

    public void OfTrades(FindingKind kind, long offset, string what) => Report(kind, "trades", offset, what);

    public void OfGaps(FindingKind kind, long offset, string what) => Report(kind, "gaps", offset, what);

    public void OfCandles(FindingKind kind, long offset, string what) => Report(kind, "candles", offset, what);

    private void Report(FindingKind kind, string topic, long offset, string what) =>
        _findings.Add(new Finding(kind, $"{_prefix}.{topic}", Partition, offset, Key, what));
}
