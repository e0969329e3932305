namespace Pipeline.Gateway.Candles;

/// <summary>Whether rows of the store and what the hub holds make one answer.</summary>
internal enum HistoryFit
{
    Fits,

    /// <summary>What lies between the rows and the hub's memory was let go since they were read: they must be read again.</summary>
    TooOld,

    /// <summary>What the store has and the hub has not read yet would come a second time, live: the hub must come there first.</summary>
    TooNew,
}
