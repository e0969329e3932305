using System.Net;
using Pipeline.Fanout;

namespace Pipeline.Gateway.Candles;

/// <summary>One connection to the candle service; equal to others of the same connection. For any thread; nothing waits.</summary>
internal interface IKlineClient
{
    string Id { get; }

    /// <summary>Peer, or whom a trusted proxy names.</summary>
    IPAddress Address { get; }

    /// <summary>Who its token says it is; null without one.</summary>
    string? Subject { get; }

    /// <summary>What it was sent, and what waits for it.</summary>
    LinkStatistics Statistics();

    /// <summary>An event for this client alone.</summary>
    /// <param name="json">The one argument.</param>
    void Emit(string name, ReadOnlyMemory<byte> json);

    /// <summary>From now on it gets what is published to the room.</summary>
    void Join(string room);

    void Leave(string room);

    /// <summary>Ends the connection after what waits.</summary>
    void Disconnect();

    /// <summary>The same, and tells it that it was the server's will: official clients do not come back by themselves then.</summary>
    /// <param name="closure">What a WebSocket's close frame says; polling has no place for it.</param>
    void Disconnect(LinkClosure closure);
}
