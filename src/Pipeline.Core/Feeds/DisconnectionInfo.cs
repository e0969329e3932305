namespace Pipeline.Core.Feeds;

/// <summary>How one connection, or one attempt at it, ended.</summary>
/// <param name="Reason">Told apart by cause.</param>
/// <param name="WasConnected">False when the attempt failed.</param>
/// <param name="CloseCode">Close code of the venue, such as 1008.</param>
/// <param name="CloseText">The venue's words with it.</param>
/// <param name="HttpStatus">Status the handshake was answered with, where that failed.</param>
/// <param name="Lasted">Time since the handshake; since the attempt began when it failed.</param>
/// <param name="Exception">The last exception; null after an orderly end.</param>
public sealed record DisconnectionInfo(
    DisconnectionReason Reason,
    bool WasConnected,
    int? CloseCode,
    string? CloseText,
    int? HttpStatus,
    TimeSpan Lasted,
    Exception? Exception)
{
    /// <summary>
    /// The newest frame before the end, the first 256 bytes of it, as text that may be logged; null when none came. Venues say there what
    /// the close does not, such as <c>Pong timeout</c>.
    /// </summary>
    public string? LastFrame { get; init; }

    /// <summary>How long the venue wants to be left alone; null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What a person has to do about it, told with the first of several like failures; null when nothing, or told before.</summary>
    public string? Advice { get; init; }
}
