namespace Pipeline.Core.Feeds;

/// <summary>Choices of the topology that decide which of a venue's streams carry a channel.</summary>
/// <param name="TradeSource">Stream the trades come from, in the venue's word: Binance <c>aggTrade</c> or <c>trade</c>.</param>
/// <param name="VenueCandleIntervals">Intervals of the venue's own candles.</param>
public sealed record ChannelOptions(string TradeSource, IReadOnlyList<Pipeline.Core.Market.CandleInterval> VenueCandleIntervals);
