namespace Pipeline.Core.Market;

/// <summary>A change of one stream's health.</summary>
/// <param name="DataType">What the stream carries: <c>trade</c>, <c>quote</c>, <c>book</c>, <c>candle:1m</c> …</param>
/// <param name="Reason">Why, in a short word such as <c>first-data</c>, <c>silent</c>, <c>probe-behind</c>, <c>disconnected</c>.</param>
/// <param name="Connection">Connection that carries it; empty when none does.</param>
/// <param name="Since">When it came into this state, market-clock microseconds since the Unix epoch.</param>
/// <param name="LastEventTime">Event time of its newest event, microseconds; 0 before the first.</param>
/// <param name="LastReceivedTime">Arrival of that event, microseconds; 0 before the first.</param>
public readonly record struct StreamHealth(
    Instrument Instrument,
    string DataType,
    HealthState State,
    string Reason,
    string Connection,
    long Since,
    long LastEventTime,
    long LastReceivedTime);
