using Pipeline.Fanout;

namespace Pipeline.SocketIo.EngineIo;

/// <summary>Times and limits of an <see cref="EngineServer"/>.</summary>
public sealed record EngineOptions
{
    /// <summary>Path that requests come to, with or without a slash at its end.</summary>
    public string Path { get; init; } = "/engine.io";

    /// <summary>Time from the handshake, or from a pong, to the next ping.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>Time that a client has for its pong.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Time within which a WebSocket that was opened to upgrade a session must have done so.</summary>
    public TimeSpan UpgradeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Largest request body and largest WebSocket message taken from a client, in bytes; beyond it the session ends.</summary>
    public int MaxPayload { get; init; } = 1_000_000;

    /// <summary>What clients may use.</summary>
    public EngineTransports Transports { get; init; } = EngineTransports.All;

    /// <summary>Whether a polling session may go on over a WebSocket.</summary>
    public bool AllowUpgrades { get; init; } = true;

    /// <summary>Pages of which origins may connect; null = no word of CORS and no check, where something before the server sees to that.</summary>
    public OriginPolicy? Origins { get; init; }

    /// <summary>Sessions at the same time; beyond it a handshake is refused with 503.</summary>
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>Told with that refusal, in seconds.</summary>
    public int RetryAfterSeconds { get; init; } = 5;

    /// <summary>Bytes that may wait for a client before it counts as slow.</summary>
    public int OutboxBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Waiting messages from which on conflatable ones are conflated.</summary>
    public int ConflateFrom { get; init; } = 100;

    /// <summary>Age of the oldest waiting required message at which a client is cut; for polling also the time between its polls.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether permessage-deflate is granted to a WebSocket that offers it.</summary>
    public bool Compression { get; init; }

    /// <summary>Request headers that are kept with the session.</summary>
    public IReadOnlyList<string> KeepHeaders { get; init; } = ["Origin", "User-Agent", "Authorization"];

    /// <summary>Last word on a handshake: null = welcome. For any thread; quick.</summary>
    public Func<EngineHandshake, EngineRefusal?>? Admit { get; init; }

    /// <summary>
    /// A client that <see cref="Admit"/> let in over polling polls no more: its session has ended, or went over to a WebSocket. Once for
    /// each, from any thread; quick.
    /// </summary>
    public Action<EngineHandshake>? PollingEnded { get; init; }

    /// <exception cref="ArgumentException">A time or a limit is zero or less, or a transport is missing.</exception>
    internal void Validate()
    {
        Check(Path.Length > 0 && Path[0] == '/', nameof(Path));
        Check(PingInterval > TimeSpan.Zero, nameof(PingInterval));
        Check(PingTimeout > TimeSpan.Zero, nameof(PingTimeout));
        Check(UpgradeTimeout > TimeSpan.Zero, nameof(UpgradeTimeout));
        Check(MaxPayload > 0, nameof(MaxPayload));
        Check((Transports & EngineTransports.All) != 0, nameof(Transports));
        Check(MaxConnections > 0, nameof(MaxConnections));
        Check(OutboxBytes > 0, nameof(OutboxBytes));
        Check(ConflateFrom > 0, nameof(ConflateFrom));
        Check(MaxAge > TimeSpan.Zero, nameof(MaxAge));
    }

    private static void Check(bool holds, string name)
    {
        if (!holds)
        {
            throw new ArgumentException("Out of range.", name);
        }
    }
}
