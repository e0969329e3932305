using System.Buffers.Text;
using Pipeline.Core.Market;

namespace Pipeline.Gateway.Streams;

/// <summary>Figures of one stream. Times in microseconds since the Unix epoch, 0 = never.</summary>
/// <param name="DataType"><c>trade</c>, <c>candle:1m</c> …</param>
/// <param name="State">What <c>md.health</c> says of it; null when nothing.</param>
/// <param name="Reason">Why it is so; empty when nothing is said.</param>
/// <param name="Since">When it came into that state.</param>
/// <param name="LastEventTime">Of its newest record, or what health says where none was read.</param>
/// <param name="LastReceivedTime">Production of its newest record, or what health says where none was read.</param>
/// <param name="Rate">Records per second over the last ten seconds or so.</param>
/// <param name="Age">Microseconds since <paramref name="LastReceivedTime"/>; -1 = nothing came yet.</param>
/// <param name="Seq">Offset of its newest record; -1 = none.</param>
internal sealed record StreamRow(
    string Stream,
    string Venue,
    string Instrument,
    string DataType,
    HealthState? State,
    string Reason,
    long Since,
    long LastEventTime,
    long LastReceivedTime,
    double Rate,
    long Age,
    long Records,
    long Seq,
    int Subscribers)
{
    public static StreamRow Of(MarketStream stream, long now)
    {
        var newest = stream.Latest.Newest;
        var received = Math.Max(stream.LastTimestamp, stream.Health?.LastReceivedTime ?? 0);
        return new StreamRow(
            stream.Name,
            stream.Venue,
            stream.Instrument,
            stream.DataType,
            stream.Health?.State,
            stream.Health?.Reason ?? "",
            stream.Health?.Since ?? 0,
            Math.Max(newest is { } record ? EventTimeOf(record.Value.Span) : 0, stream.Health?.LastEventTime ?? 0),
            received,
            stream.RateAt(now),
            received == 0 ? -1 : Math.Max(0, now - received),
            stream.Records,
            stream.LastSeq,
            stream.Subscribers);
    }

    private static long EventTimeOf(ReadOnlySpan<byte> value)
    {
        var name = "\"eventTime\":"u8;
        var at = value.LastIndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(value[(at + name.Length)..], out long time, out _) ? time : 0;
    }
}
