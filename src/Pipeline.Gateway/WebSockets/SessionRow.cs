using System.Net;

namespace Pipeline.Gateway.WebSockets;

/// <summary>Figures of one client, whatever it speaks. Times in microseconds since the Unix epoch.</summary>
/// <param name="Id">Names it among all clients of this gateway: a number on <c>/ws</c>, the id it was told over Socket.IO.</param>
/// <param name="Protocol"><c>ws</c> or <c>socket.io</c>, as metrics name it.</param>
/// <param name="LastActivity">When it last sent a message, or was connected.</param>
/// <param name="MessagesSent">Messages handed to its outbox.</param>
/// <param name="BytesSent">Their payload.</param>
/// <param name="Errors">Error messages it got.</param>
/// <param name="State"><c>open</c>, <c>slow</c> (much waits for it) or <c>penalty</c>.</param>
/// <param name="Filters">Null over Socket.IO, which has none.</param>
/// <param name="Streams">Those it is subscribed to; rooms over Socket.IO.</param>
internal sealed record SessionRow(
    string Id,
    string Protocol,
    IPAddress Address,
    string? Subject,
    long ConnectedAt,
    long LastActivity,
    long MessagesReceived,
    long MessagesSent,
    long BytesSent,
    long Errors,
    string State,
    int? Filters,
    int Streams,
    long WaitingBytes);
