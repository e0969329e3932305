namespace Pipeline.Kafka.Verification;

/// <summary>How much was looked at.</summary>
public sealed class ProofCounts
{
    public long TradeRecords { get; internal set; }

    public long CandleRecords { get; internal set; }

    public long GapRecords { get; internal set; }

    /// <summary>Ids covered by the trades.</summary>
    public long Ids { get; internal set; }

    public long Holes { get; internal set; }

    /// <summary>Ids that came in behind later ones.</summary>
    public long RepairedIds { get; internal set; }

    /// <summary>Missing ids that were given up, as the ledger says.</summary>
    public long AbandonedIds { get; internal set; }

    /// <summary>Missing ids under which the venue itself has nothing, as the ledger says.</summary>
    public long SilentIds { get; internal set; }

    /// <summary>Last records of candles that are equal to the fold of their trades.</summary>
    public long CandlesEqual { get; internal set; }

    /// <summary>Of these, said to be incomplete.</summary>
    public long IncompleteCandlesEqual { get; internal set; }

    /// <summary>Candles made of something else than trades, which are left alone.</summary>
    public long OtherCandles { get; internal set; }

    /// <summary>Candles that begin with the venue's own trades, of which ours are a part as they should be.</summary>
    public long MixedCandles { get; internal set; }

    /// <summary>Windows at the end of the log whose final is not due.</summary>
    public long OpenWindows { get; internal set; }

    /// <summary>Trades compared with the venue's.</summary>
    public long Compared { get; set; }

    /// <summary>Candles compared with the venue's.</summary>
    public long CandlesCompared { get; set; }
}
