using Pipeline.Core.Market;

namespace Pipeline.Core.Candles;

/// <summary>
/// Who asks venues for candles of the time before a series began. Called from station 5, from several lanes at once: it must hand over
/// and return at once. Answers come in at station 3 and reach the instrument's lane in the order of asking.
/// </summary>
public interface ICandleBackfill
{
    void Request(CandleWish wish);
}
