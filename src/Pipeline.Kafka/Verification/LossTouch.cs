namespace Pipeline.Kafka.Verification;

/// <summary>What of the missing trades of an instrument may belong to a time.</summary>
internal enum LossTouch : byte
{
    None,

    /// <summary>Missing, and may still come.</summary>
    Open,

    /// <summary>Deleted before it was read.</summary>
    Unread,

    /// <summary>Lost.</summary>
    Lost,
}
