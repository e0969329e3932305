
namespace Pipeline.Core.Market;

/// <summary>Closed candles of the venue that station 5 wants. Times are microseconds since the Unix epoch, UTC.</summary>
/// <param name="Interval">Of the candles; null = those of which the beginning of the first windows can be put together.</param>
/// <param name="From">Opening time of the first.</param>
/// <param name="To">Closing time of the last: before it there is nothing to be asked.</param>
public sealed record CandleWish(Instrument Instrument, CandleInterval? Interval, long From, long To);
