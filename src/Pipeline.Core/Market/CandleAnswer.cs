
namespace Pipeline.Core.Market;

/// <summary>What a venue gave for a <see cref="CandleWish"/>: a page, oldest first.</summary>
/// <param name="Rows">Closed candles of the venue, rising by time; of a beginning those of several intervals, the longer ones first.</param>
/// <param name="IsLast">Nothing more comes for the wish: it is done, or the venue has no such candles.</param>
public sealed record CandleAnswer(CandleWish Wish, IReadOnlyList<Candle> Rows, bool IsLast);
