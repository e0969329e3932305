namespace Pipeline.Core.Feeds;

/// <summary>An attempt that is about to be made.</summary>
/// <param name="Attempt">Attempts in a row without data, this one included: 1 is the first after a connection that had data.</param>
/// <param name="Delay">Wait before it.</param>
/// <param name="Error">Why the last one ended; null when it completed.</param>
public sealed record RetryInfo(int Attempt, TimeSpan Delay, Exception? Error);
