using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Kafka.Reader;
using Pipeline.Kafka.Topics;

namespace Pipeline.Kafka.Verification;

/// <summary>What is to be proved, and how much may be kept for it.</summary>
public sealed record ProofOptions
{
    /// <summary>Names of the topics. Default: those of the prefix <c>md</c>.</summary>
    public TopicCatalog Topics { get; init; } = TopicCatalog.Of(new KafkaOptions());

    public bool Trades { get; init; } = true;

    public bool Candles { get; init; } = true;

    public bool Gaps { get; init; } = true;

    /// <summary>Intervals of which every window with trades must have a candle. Default: all.</summary>
    public IReadOnlyList<CandleInterval> Intervals { get; init; } = CandleInterval.All;

    /// <summary>Rules of an instrument by its record key.</summary>
    public Func<string, ProofRules> RulesOf { get; init; } = _ => new ProofRules();

    /// <summary>Which record keys (<c>venue:instrument</c>) are looked at. Default: all.</summary>
    public Func<string, bool> Wants { get; init; } = _ => true;

    /// <summary>
    /// How far an instrument's trades and candles must both have come, by event time in microseconds, before a window is judged while
    /// reading goes on. Default 2 min: a final waits 10 s at most, the rest is for topics that are read at different speeds.
    /// </summary>
    public long SettleTime { get; init; } = 120_000_000;

    /// <summary>At the end of the log: a window must have its final when trades lie this far behind its end. Default 60 s.</summary>
    public long FinalGrace { get; init; } = 60_000_000;

    /// <summary>At the end of the log: the revision of a change younger than this may not have been written yet. Default 15 s.</summary>
    public long RevisionGrace { get; init; } = 15_000_000;

    /// <summary>Windows kept after they were judged, over all instruments, so that a later revision can be compared. Default 200,000.</summary>
    public int MaxJudged { get; init; } = 200_000;

    /// <summary>Holes kept per instrument. Default 10,000.</summary>
    public int MaxHoles { get; init; } = 10_000;

    /// <summary>Newest ids remembered where ids tell copies apart and nothing else. Default 20,000 an instrument.</summary>
    public int MaxRecentIds { get; init; } = 20_000;

    /// <summary>Told of every trade that counts, with its key; for comparing with the venue.</summary>
    public Action<string, TradeRow>? Witness { get; init; }

    /// <summary>Told of every record of a hole that counts, and of every final or revised candle; for comparing with the venue.</summary>
    public Action<KafkaRecord>? RecordWitness { get; init; }
}
