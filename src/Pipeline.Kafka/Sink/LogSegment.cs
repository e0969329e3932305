namespace Pipeline.Kafka.Sink;

/// <summary>A stretch of a partition's log that holds nothing but our records.</summary>
/// <param name="From">Number of its first record among those taken, from 0.</param>
/// <param name="Origin">What is added to a record's number to get its offset.</param>
internal readonly record struct LogSegment(long From, long Origin);
