using System.Globalization;

namespace Pipeline.Simulator.Sockets;

/// <summary>
/// What a venue makes of a connection. Frames are handed over by the connection's read loop, one after the other; everything
/// else may be asked from any thread.
/// </summary>
internal interface IVenueSession
{
    SimulatorConnection Connection { get; }

    /// <summary>The dialect it belongs to.</summary>
    IVenueDialect Dialect { get; }

    /// <summary>Subscribed streams, in the order of their subscription.</summary>
    IReadOnlyList<string> Streams { get; }

    /// <summary>Ping frames sent to the client.</summary>
    long PingsSent { get; }

    /// <summary>Pong frames received, asked for or not.</summary>
    long PongsReceived { get; }

    /// <summary>Progress of the replay; null outside replay mode.</summary>
    Replay.ReplayProgress? Replay { get; }

    /// <summary>Whether data comes in an envelope that names its stream.</summary>
    bool Combined => false;

    /// <summary>Whether the client asked for times in microseconds; else they are milliseconds.</summary>
    bool Microseconds => false;

    /// <summary>How the venue names the connection in its answers.</summary>
    string Number => Connection.Id.ToString("x8", CultureInfo.InvariantCulture);

    bool IsSubscribed(string stream);

    /// <summary>The connection begins; before its first message.</summary>
    void Open();

    /// <summary>Time has passed: pings, deadlines. Called often.</summary>
    void OnClock();

    /// <summary>The connection is over: nothing is sent to it any more.</summary>
    void End();

    /// <param name="message">The bytes kept of a text or binary message.</param>
    /// <param name="length">Its whole length.</param>
    void OnMessage(ReadOnlySpan<byte> message, long length);

    void OnPing(ReadOnlySpan<byte> payload);

    void OnPong(ReadOnlySpan<byte> payload);
}
