using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;
using Pipeline.Fanout;

namespace Pipeline.Gateway.Streams;

/// <summary>Gives a record to those who are in its stream's rooms: encoded once for all. Only for the hub's thread.</summary>
internal sealed class StreamPublisher(DataFrames frames, HubCounts counts, TimeProvider clock)
{
    /// <summary>Production of a record → put into outboxes, microseconds.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <param name="timestamp">Of production, microseconds.</param>
    /// <param name="now">Time of the turn, microseconds.</param>
    /// <returns>Clients in its rooms.</returns>
    public int Publish(MarketStream stream, in HeldRecord held, in RecordFacts facts, long timestamp, long now)
    {
        var members = stream.MinorRoom.Count + (facts.IsMinor ? 0 : stream.Room.Count);
        if (members == 0)
        {
            return 0;
        }

        var message = frames.Make(stream, held, isSnapshot: false);
        message.MadeAt = clock.GetTimestamp();
        var (delivery, replaces) = DeliveryOf(stream, facts.IsRequired);
        stream.MinorRoom.Publish(message, delivery, replaces);
        if (!facts.IsMinor)
        {
            stream.Room.Publish(message, delivery, replaces);
        }

        counts.WasPublished(members);
        Latency.Add(MarketTime.Now(clock) - timestamp, now);
        return members;
    }

    /// <summary>
    /// How a stream's message is treated when it waits, and what it replaces then. All of a stream replace each other, so that what waits of
    /// it is always in order.
    /// </summary>
    public static (Delivery Delivery, object? Key) DeliveryOf(MarketStream stream, bool isRequired) => stream.Kind switch
    {
        DataKind.Trade or DataKind.Gap => (Delivery.Required, null),
        DataKind.Candle when isRequired => (Delivery.Required, stream),
        DataKind.Health => (Delivery.Conflatable, null),
        _ => (Delivery.Conflatable, stream),
    };
}
