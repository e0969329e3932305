using System.Net;

namespace Pipeline.Gateway.WebSockets;

/// <summary>Figures of one client. Times in microseconds since the Unix epoch.</summary>
/// <param name="LastActivity">When it last sent a message, or was connected.</param>
/// <param name="MessagesSent">Messages handed to its outbox.</param>
/// <param name="BytesSent">Their payload.</param>
/// <param name="Errors">Error messages it got.</param>
/// <param name="State"><c>open</c>, <c>slow</c> (much waits for it) or <c>penalty</c>.</param>
internal sealed record SessionRow(
    long Id,
    IPAddress Address,
    string? Subject,
    long ConnectedAt,
    long LastActivity,
    long MessagesReceived,
    long MessagesSent,
    long BytesSent,
    long Errors,
    string State,
    int Filters,
    int Streams,
    long WaitingBytes);
