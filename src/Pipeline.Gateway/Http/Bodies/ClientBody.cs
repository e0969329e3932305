using System.ComponentModel;
using Pipeline.Gateway.WebSockets;

namespace Pipeline.Gateway.Http.Bodies;

/// <summary>One client in <c>GET /api/websocket/stats?connections=1</c>.</summary>
internal sealed record ClientBody
{
    [Description("Number of the client, given once in the life of a gateway.")]
    public required string Id { get; init; }

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

    public static ClientBody Of(SessionRow row) => new()
    {
        Id = row.Id.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ConnectedAt = row.ConnectedAt,
        LastActivity = row.LastActivity,
        MessagesSent = row.MessagesSent,
        BytesSent = row.BytesSent,
        Errors = row.Errors,
        State = row.State,
        Metadata = new ClientMetadata(row.Address.ToString(), row.Subject, row.Filters, row.Streams, row.MessagesReceived, row.WaitingBytes),
    };
}
