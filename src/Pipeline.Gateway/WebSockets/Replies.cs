using System.Buffers;
using System.Text.Json;
using Pipeline.Fanout;
using Pipeline.Gateway.WebSockets.Subscriptions;

namespace Pipeline.Gateway.WebSockets;

/// <summary>Makes the messages that are no data. For any thread.</summary>
internal static class Replies
{
    // Names of streams that one message lists at most.
    private const int MostNames = 1000;

    public static SharedMessage Ack(string? id, string? filterId, int streams, Action<Utf8JsonWriter>? more = null) => Make("ack", id, json =>
    {
        if (filterId is not null)
        {
            json.WriteString("filterId"u8, filterId);
        }

        json.WriteNumber("streams"u8, streams);
        more?.Invoke(json);
    });

    public static SharedMessage Error(string? id, string code, string message, long retryAfterMs = 0) => Make("error", id, json =>
    {
        json.WriteString("code"u8, code);
        json.WriteString("message"u8, message);
        json.WriteNumber("retryAfterMs"u8, retryAfterMs);
    });

    public static SharedMessage Pong(string? id, long serverTime) => Make("pong", id, json => json.WriteNumber("serverTime"u8, serverTime));

    /// <summary>Another log begins: every position is void, and snapshots follow.</summary>
    public static SharedMessage Epoch(string epoch) => Make("epoch", null, json =>
    {
        json.WriteString("epoch"u8, epoch);
        json.WriteBoolean("recovered"u8, false);
    });

    public static SharedMessage List(string? id, IEnumerable<Subscription> filters) => Make("list", id, json =>
    {
        json.WriteStartArray("filters"u8);
        foreach (var filter in filters)
        {
            var streams = filter.Owner.Streams.Keys.Where(filter.Filter.Takes).ToList();
            json.WriteStartObject();
            json.WriteString("filterId"u8, filter.Id);
            json.WriteNumber("streams"u8, streams.Count);
            WriteNames(json, "names"u8, streams.Select(static stream => stream.Name));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    public static SharedMessage Stats(string? id, SessionRow row, LinkStatistics link) => Make("stats", id, json =>
    {
        json.WriteNumber("connectedAt"u8, row.ConnectedAt);
        json.WriteNumber("filters"u8, row.Filters ?? 0);
        json.WriteNumber("streams"u8, row.Streams);
        json.WriteNumber("messagesReceived"u8, row.MessagesReceived);
        json.WriteNumber("messagesSent"u8, link.MessagesSent);
        json.WriteNumber("bytesSent"u8, link.BytesSent);
        json.WriteNumber("conflated"u8, link.Conflated);
        json.WriteNumber("waiting"u8, link.Waiting);
        json.WriteNumber("waitingBytes"u8, link.WaitingBytes);
        json.WriteNumber("errors"u8, row.Errors);
    });

    /// <summary>At most a thousand.</summary>
    public static void WriteNames(Utf8JsonWriter json, ReadOnlySpan<byte> property, IEnumerable<string> names)
    {
        json.WriteStartArray(property);
        foreach (var name in names.Take(MostNames))
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
    }

    public static void WritePlaces(Utf8JsonWriter json, ReadOnlySpan<byte> property, IReadOnlyList<int> places)
    {
        if (places.Count == 0)
        {
            return;
        }

        json.WriteStartArray(property);
        foreach (var place in places)
        {
            json.WriteNumberValue(place);
        }

        json.WriteEndArray();
    }

    private static SharedMessage Make(string type, string? id, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, type);
            if (id is not null)
            {
                json.WritePropertyName("id"u8);
                json.WriteRawValue(id);
            }

            write(json);
            json.WriteEndObject();
        }

        return SharedMessage.Text(buffer.WrittenMemory);
    }
}
