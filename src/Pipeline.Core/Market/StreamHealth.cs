namespace Pipeline.Core.Market;

/// <summary>A change of one stream's health.</summary>
/// <param name="DataType">What the stream carries: <c>trade</c>, <c>quote</c>, <c>book</c>, <c>candle:1m</c> …</param>
/// <param name="Reason">Why, in a short word such as <c>first-data</c>, <c>silent</c>, <c>probe-behind</c>, <c>disconnected</c>.</param>
/// <param name="Connection">Connection that carries it; empty when none does.</param>
/// <param name="Since">When it came into this state, market-clock microseconds since the Unix epoch.</param>
/// <param name="LastEventTime">Greatest event time it brought, microseconds; 0 where none was told.</param>
/// <param name="LastReceivedTime">Arrival of its newest event, microseconds; 0 before the first.</param>
/// <param name="Outage">How long it was not to be trusted before it became fresh, microseconds; 0 in other states.</param>
public readonly record struct StreamHealth(
    Instrument Instrument,
    string DataType,
    HealthState State,
    string Reason,
    string Connection,
    long Since,
    long LastEventTime,
    long LastReceivedTime,
    long Outage = 0);
