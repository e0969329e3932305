namespace Pipeline.Core.Feeds.Rest;

/// <summary>What a venue told of one instrument's newest candles when it was asked. Used by one request at a time.</summary>
internal sealed class SampledCandles
{
    private readonly Dictionary<long, VenueCandle> _told = [];

    public bool Knows(long openTime) => _told.ContainsKey(openTime);

    /// <summary>False when it was told the same already. When it was told does not count.</summary>
    public bool Note(long openTime, VenueCandle candle)
    {
        candle = candle with { Time = 0 };
        if (_told.TryGetValue(openTime, out var known) && known == candle)
        {
            return false;
        }

        _told[openTime] = candle;
        return true;
    }

    /// <summary>Forgets windows that open before.</summary>
    public void Drop(long openTime)
    {
        foreach (var old in _told.Keys.Where(time => time < openTime).ToList())
        {
            _told.Remove(old);
        }
    }
}
