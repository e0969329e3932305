namespace Pipeline.Kafka.Verification;

/// <summary>What a finding means for the proof; the worst one decides its result.</summary>
public enum FindingSeverity : byte
{
    /// <summary>Worth knowing; the proof holds.</summary>
    Note,

    /// <summary>Trades are missing, and the ledger of gaps says so.</summary>
    AnnouncedLoss,

    /// <summary>What was read does not say whether it holds: never a pass.</summary>
    CannotProve,

    /// <summary>The records contradict what is promised of them.</summary>
    Contradiction,
}
