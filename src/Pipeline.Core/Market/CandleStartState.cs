namespace Pipeline.Core.Market;

/// <summary>The beginning of a series that is still to be completed by the venue's candles.</summary>
/// <param name="Time">Event time of the first trade, microseconds.</param>
/// <param name="Minute">What our trades make of the minute that holds it.</param>
public sealed record CandleStartState(long Time, CandleWindowState Minute);
