namespace Pipeline.Gateway.Candles;

/// <summary>A candle in a room: of its updates that wait for a slow client, only the newest is sent, and its final one in their place.</summary>
internal sealed record CandleKey(string Room, long OpenTime);
