using System.ComponentModel;
using Pipeline.Gateway.Streams;

namespace Pipeline.Gateway.Http.Bodies;

/// <summary>One stream in <c>GET /api/streams</c>. Times in microseconds since the Unix epoch.</summary>
internal sealed record StreamBody
{
    [Description("Name of the stream, such as binance:BTC-USDT:trade.")]
    public required string Stream { get; init; }

    public required string Venue { get; init; }

    public required string Instrument { get; init; }

    [Description("trade, quote, book, ticker, candle:1m …")]
    public required string DataType { get; init; }

    [Description("starting, fresh, quiet, stale, paused or stopped; null where nothing is said of it.")]
    public required string? State { get; init; }

    [Description("Why it is in this state; null where nothing is said.")]
    public required string? Reason { get; init; }

    [Description("When it came into this state; microseconds since the Unix epoch, UTC.")]
    public required long? Since { get; init; }

    [Description("Greatest event time; microseconds since the Unix epoch, UTC.")]
    public required long? LastEventTime { get; init; }

    [Description("When its newest record was written; microseconds since the Unix epoch, UTC.")]
    public required long? LastReceivedTime { get; init; }

    [Description("Age of its newest record, microseconds.")]
    public required long? Age { get; init; }

    [Description("Records a second, over about ten seconds.")]
    public required double Rate { get; init; }

    [Description("Records since the gateway's start.")]
    public required long Records { get; init; }

    [Description("seq of its newest record.")]
    public required long? Seq { get; init; }

    [Description("Clients subscribed to it.")]
    public required int Subscribers { get; init; }

    public static StreamBody Of(StreamRow row) => new()
    {
        Stream = row.Stream,
        Venue = row.Venue,
        Instrument = row.Instrument,
        DataType = row.DataType,
        State = StateOf(row),
        Reason = row.Reason.Length == 0 ? null : row.Reason,
        Since = Known(row.Since),
        LastEventTime = Known(row.LastEventTime),
        LastReceivedTime = Known(row.LastReceivedTime),
        Age = row.Age < 0 ? null : row.Age,
        Rate = Math.Round(row.Rate, 3),
        Records = row.Records,
        Seq = row.Seq < 0 ? null : row.Seq,
        Subscribers = row.Subscribers,
    };

    public static string? StateOf(StreamRow row) => row.State?.ToString().ToLowerInvariant();

    private static long? Known(long time) => time == 0 ? null : time;
}
