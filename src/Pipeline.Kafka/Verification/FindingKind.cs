namespace Pipeline.Kafka.Verification;

/// <summary>What a proof can find.</summary>
public enum FindingKind : byte
{
    /// <summary>A value that is not the record its topic holds.</summary>
    BadRecord,

    /// <summary>An id that was covered before.</summary>
    Duplicate,

    /// <summary>A trade behind later ones that no announced gap explains.</summary>
    OutOfOrder,

    /// <summary>Ids are missing and no gap tells of them.</summary>
    UnannouncedLoss,

    /// <summary>The gap was opened behind a trade that follows the hole.</summary>
    AnnouncedLate,

    /// <summary>The gap is called repaired and ids of it are missing.</summary>
    LostAfterRepair,

    /// <summary>A record of a gap that contradicts itself, the ones before it, or the trades.</summary>
    WrongGap,

    /// <summary>A gap that ends and was never opened.</summary>
    GapNotOpened,

    /// <summary>A gap that goes on after its end.</summary>
    GapReopened,

    /// <summary>The last record of a candle is not the fold of its trades.</summary>
    WrongCandle,

    /// <summary>A window that is over and has no final record.</summary>
    MissingFinal,

    /// <summary>A forming record of a candle that was final.</summary>
    FormingAfterFinal,

    /// <summary>A second final record of a candle.</summary>
    SecondFinal,

    /// <summary>A revision that does not follow the one before.</summary>
    WrongRevision,

    /// <summary>A candle called complete that a loss touches.</summary>
    FalselyComplete,

    /// <summary>An empty candle that does not carry the close before it.</summary>
    WrongCarry,

    /// <summary>A trade that the venue never made.</summary>
    Invented,

    /// <summary>A trade that differs from the venue's.</summary>
    DiffersFromVenue,

    /// <summary>A trade that the venue made, that is missing and was not given up.</summary>
    LostToVenue,

    /// <summary>Records were deleted before they were read.</summary>
    DeletedBeforeRead,

    /// <summary>The end of a topic was not reached.</summary>
    NotReadToEnd,

    /// <summary>A topic that the proof needs does not exist.</summary>
    NoTopic,

    /// <summary>A gap that is open where reading ended.</summary>
    StillOpen,

    /// <summary>A candle or trade that began before the first trade read.</summary>
    BeforeFirstTrade,

    /// <summary>A candle said to be incomplete that is not the fold of what was read.</summary>
    IncompleteDiffers,

    /// <summary>A candle that changed at the very end, where its revision may not have been written yet.</summary>
    Unsettled,

    /// <summary>A change of something so old that the proof let go of it.</summary>
    Forgotten,

    /// <summary>Ids of this instrument say nothing of holes.</summary>
    UnorderedIds,

    /// <summary>The venue does not tell of these trades or candles, or does no longer, or could not be asked.</summary>
    VenueForgot,

    /// <summary>The venue does not tell of trades as new as these yet.</summary>
    VenueBehind,

    /// <summary>The venue's candle contradicts the trades that the venue itself showed, in a way that is known to be its own.</summary>
    VenueUnclear,

    /// <summary>Nothing was read that could be proved.</summary>
    NothingRead,

    /// <summary>A candle that says that it lacks trades, and the venue's has them.</summary>
    CandleLacks,

    /// <summary>Trades given up, as the ledger says.</summary>
    Abandoned,

    /// <summary>A record of a writer that had lost the partition: left out.</summary>
    StaleEpoch,

    /// <summary>Ids under which the venue itself has nothing, as the ledger says.</summary>
    VenueSilent,

    /// <summary>The number of fills of a candle, which trades do not tell.</summary>
    CountNotCompared,

    /// <summary>A candle of which only a part could be compared.</summary>
    NotJudged,

    /// <summary>Ids that the venue may give to what is no trade, and that no gap tells of.</summary>
    OffMarketIds,
}
