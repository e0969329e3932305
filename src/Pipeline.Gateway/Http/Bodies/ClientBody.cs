using System.ComponentModel;
using Pipeline.Gateway.WebSockets;

namespace Pipeline.Gateway.Http.Bodies;

/// <summary>One client in <c>GET /api/websocket/stats?connections=1</c>.</summary>
internal sealed record ClientBody
{
    [Description("Names the client among all of a gateway: a number on /ws, its client_id at the candle service.")]
    public required string Id { get; init; }

    [Description("ws, or socket.io for clients of the candle service.")]
    public required string Protocol { get; init; }

    [Description("When it came; microseconds since the Unix epoch, UTC.")]
    public required long ConnectedAt { get; init; }

    [Description("When it last sent something; microseconds since the Unix epoch, UTC.")]
    public required long LastActivity { get; init; }

    [Description("Messages handed to its outbox.")]
    public required long MessagesSent { get; init; }

    [Description("Their payload, bytes.")]
    public required long BytesSent { get; init; }

    [Description("Errors it was told.")]
    public required long Errors { get; init; }

    [Description("open, slow (much waits for it) or penalty (it sent too much).")]
    public required string State { get; init; }

    public required ClientMetadata Metadata { get; init; }

    /// <param name="isAdmin">Whether who asks may know who the client is.</param>
    public static ClientBody Of(SessionRow row, bool isAdmin) => new()
    {
        Id = row.Id,
        Protocol = row.Protocol,
        ConnectedAt = row.ConnectedAt,
        LastActivity = row.LastActivity,
        MessagesSent = row.MessagesSent,
        BytesSent = row.BytesSent,
        Errors = row.Errors,
        State = row.State,
        Metadata = new ClientMetadata(isAdmin ? row.Address.ToString() : null, isAdmin ? row.Subject : null, row.Filters, row.Streams, row.MessagesReceived, row.WaitingBytes),
    };
}
