namespace Pipeline.Gateway.Hub;

/// <summary>Sees every record, stale ones excepted, in the order of each partition; also those that fill the replay window at start.</summary>
internal interface IRecordTap
{
    /// <summary>
    /// Offset in <c>md.candles</c> from which on records are wanted when this log is read; null = the replay window is enough. Called on the
    /// reading thread before anything is read of a log, so it may read a disk. What lies before the log's start cannot be had.
    /// </summary>
    long? CandlesFrom(string logId, int partition) => null;

    /// <summary>A log begins. Whatever was told before is of another log, or is told again from the given starts. On the hub's thread.</summary>
    void OnLog(LogBeginning log)
    {
    }

    /// <summary>On the hub's thread: quick, without waiting.</summary>
    void OnRecord(in StreamRecord record);

    /// <summary>Everything that was in the log at the start has been told. On the hub's thread.</summary>
    void OnCaughtUp()
    {
    }
}
