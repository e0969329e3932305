using Pipeline.Fanout;
using Pipeline.SocketIo.EngineIo;
using Pipeline.SocketIo.Packets;

namespace Pipeline.SocketIo;

/// <summary>Times and limits of a <see cref="SocketIoServer"/>.</summary>
public sealed record SocketIoOptions
{
    /// <summary>What carries it: path, transports, heartbeat, payload, outbox, origins, number of connections.</summary>
    public EngineOptions Engine { get; init; } = new() { Path = "/socket.io" };

    /// <summary>Time within which a client must have joined a namespace.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>Whether clients may go on where their connection broke; null = not.</summary>
    public RecoveryOptions? Recovery { get; init; }

    /// <summary>How a WebSocket is closed when what let its client in has ended.</summary>
    public LinkClosure ExpiredClosure { get; init; } = new(1008, "expired", ByPeer: false);

    /// <summary>What a packet may be at most.</summary>
    public PacketLimits Packets { get; init; } = new();

    /// <summary>Namespaces that one connection may be in.</summary>
    public int MaxNamespaces { get; init; } = 16;

    /// <summary>Rooms that one client may be in, per namespace.</summary>
    public int MaxRooms { get; init; } = 1_000;

    /// <summary>Acknowledgements that the server waits for, per client and namespace.</summary>
    public int MaxPendingAcks { get; init; } = 1_000;

    /// <summary>Packets that a client may send per second, on average; those beyond are dropped and counted. 0 = any number.</summary>
    public double EventsPerSecond { get; init; }

    /// <summary>Packets that it may send at once.</summary>
    public int EventBurst { get; init; } = 100;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ConnectTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxNamespaces);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxRooms);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxPendingAcks);
        ArgumentOutOfRangeException.ThrowIfNegative(EventsPerSecond);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(EventBurst);

        // Depth is a stack frame each where placeholders are looked for.
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Packets.MaxJsonDepth, 500);
    }
}
