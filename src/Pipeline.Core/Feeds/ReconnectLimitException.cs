namespace Pipeline.Core.Feeds;

/// <summary>A connection was given up: the configured number of attempts in a row brought no data.</summary>
public sealed class ReconnectLimitException(int attempts, Exception? last) : Exception(
    $"Gave up after {attempts} reconnect attempts without data (websocket.maxReconnectAttempts; -1 = never give up). "
    + $"Last: {last?.Message ?? "the connection was closed"}",
    last)
{
    public int Attempts { get; } = attempts;
}
