namespace Pipeline.Gateway.Candles;

/// <summary>Where updates go: the rooms of the Socket.IO server.</summary>
internal interface IKlineOutlet
{
    /// <summary>One event for everybody in the room, encoded once. Does not wait.</summary>
    /// <param name="json">The one argument.</param>
    /// <param name="candle">What a newer update may replace while it waits for a slow client; null = it must be delivered.</param>
    void Publish(string room, string name, ReadOnlyMemory<byte> json, object? candle);
}
