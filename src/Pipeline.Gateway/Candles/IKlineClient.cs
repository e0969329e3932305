namespace Pipeline.Gateway.Candles;

/// <summary>One connection to the candle service. For any thread; nothing waits.</summary>
internal interface IKlineClient
{
    string Id { get; }

    /// <summary>An event for this client alone.</summary>
    /// <param name="json">The one argument.</param>
    void Emit(string name, ReadOnlyMemory<byte> json);

    /// <summary>From now on it gets what is published to the room.</summary>
    void Join(string room);

    void Leave(string room);

    /// <summary>Ends the connection after what waits.</summary>
    void Disconnect();
}
