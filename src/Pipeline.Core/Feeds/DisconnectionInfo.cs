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
    Exception? Exception);
