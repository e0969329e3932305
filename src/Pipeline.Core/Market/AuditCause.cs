namespace Pipeline.Core.Market;

/// <summary>Why our candle and the venue's do not say the same.</summary>
public enum AuditCause : byte
{
    /// <summary>We counted every trade that the venue showed, and its candle says something else.</summary>
    VenueDiffers,

    /// <summary>The venue told the closed candle again with other values.</summary>
    VenueCorrected,

    /// <summary>Trades that we know we lack: a hole that is open or was given up touches the window, or our candle is not complete.</summary>
    OurHole,

    /// <summary>The venue's candle counts trades that neither its stream nor its REST interface gave.</summary>
    Withheld,

    /// <summary>Ours was final too early: revised by trades that came later, it agrees.</summary>
    LateTrade,

    /// <summary>We began to look in the middle of the window.</summary>
    PartialStart,

    /// <summary>The venue has a candle with trades, and we have none although ours go on behind it.</summary>
    Missing,
}
