using System.Text;
using Pipeline.Kafka.Topics;

namespace Pipeline.Kafka.Verification;

/// <summary>The names of an instrument, and how its findings are told.</summary>
internal sealed class InstrumentScope
{
    private readonly FindingLog _findings;

    public InstrumentScope(string key, ProofOptions options, FindingLog findings, ProofCounts counts)
    {
        Key = key;
        Options = options;
        Rules = options.RulesOf(key);
        Counts = counts;
        _findings = findings;
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

    public void OfTrades(FindingKind kind, long offset, string what) => Report(kind, Options.Topics.Trades, offset, what);

    public void OfGaps(FindingKind kind, long offset, string what) => Report(kind, Options.Topics.Gaps, offset, what);

    public void OfCandles(FindingKind kind, long offset, string what) => Report(kind, Options.Topics.Candles, offset, what);

    private void Report(FindingKind kind, TopicDefinition topic, long offset, string what) =>
        _findings.Add(new Finding(kind, topic.Name, Partition, offset, Key, what));
}
