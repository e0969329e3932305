namespace Pipeline.Core.Feeds.Freshness;

/// <summary>What is seen of a stream's data at one look.</summary>
/// <param name="Count">Events so far.</param>
/// <param name="DataAt">Arrival of its newest data, steady microseconds; -1 before the first.</param>
/// <param name="LongestSilence">Longest silence it is known for, microseconds.</param>
/// <param name="IsLate">Its newest event was too old when it arrived.</param>
internal readonly record struct StreamSight(long Count, long DataAt, long LongestSilence, bool IsLate);
