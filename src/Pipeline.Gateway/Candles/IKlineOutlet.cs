using Pipeline.Fanout;

namespace Pipeline.Gateway.Candles;

/// <summary>Where updates go: the rooms of the Socket.IO server.</summary>
internal interface IKlineOutlet
{
    /// <summary>One event for everybody in the room, encoded once. Does not wait.</summary>
    /// <param name="json">The one argument.</param>
    /// <param name="candle">While it waits for a slow client, what is published later of the same candle takes its place, if it is conflatable.</param>
    /// <returns>Clients that took it.</returns>
    int Publish(string room, string name, ReadOnlyMemory<byte> json, Delivery delivery, object candle);
}
