using Pipeline.Core.Market;

namespace Pipeline.Gateway.Streams;

/// <summary>Figures of one stream. Times in microseconds since the Unix epoch, 0 = never.</summary>
/// <param name="DataType"><c>trade</c>, <c>candle:1m</c> …</param>
/// <param name="State">What <c>md.health</c> says of it; null when nothing.</param>
/// <param name="Reason">Why it is so; empty when nothing is said.</param>
/// <param name="Since">When it came into that state.</param>
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
    int Subscribers);
