namespace Pipeline.SocketIo;

/// <summary>How long and how much is kept for clients whose connection breaks.</summary>
public sealed record RecoveryOptions
{
    /// <summary>Time that a client has to come back.</summary>
    public TimeSpan MaxDisconnection { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Events kept per namespace, of those emitted to rooms or to all.</summary>
    public int MaxEvents { get; init; } = 100_000;

    /// <summary>Bytes of these.</summary>
    public long MaxBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>
    /// Events kept for one client, of those emitted to it alone (<see cref="IoSocket.Emit(string, ReadOnlySpan{IoValue})"/>), such as
    /// answers: apart from the others, so that what one client asks for costs no other client its recovery.
    /// </summary>
    public int MaxClientEvents { get; init; } = 100;

    /// <summary>Bytes of these.</summary>
    public int MaxClientBytes { get; init; } = 16 * 1024;

    /// <summary>Clients waited for, per namespace.</summary>
    public int MaxClients { get; init; } = 10_000;
}
