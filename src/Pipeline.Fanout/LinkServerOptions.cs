using System.Net;

namespace Pipeline.Fanout;

/// <summary>What holds for all links of a server.</summary>
public sealed record LinkServerOptions
{
    /// <summary>Threads that write; more than cores are of no use.</summary>
    public int Pumps { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 2);

    /// <summary>How often ages, pings, rates and time-outs are looked at: the grain of all of them.</summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Bytes of a handshake's head that are looked at; a longer one is left to ordinary HTTP, which has its own limit.</summary>
    public int MaxHeadBytes { get; init; } = 16 * 1024;

    /// <summary>How long a client may take for the head of its first request.</summary>
    public TimeSpan HeadTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Send buffer of a client's socket in the kernel, bytes; zero = the system's. It is set because what lies there is neither conflated nor
    /// counted: megabytes there are seconds of stale data.
    /// </summary>
    public int SocketSendBufferBytes { get; init; } = 256 * 1024;

    /// <summary>Who asks, where a trusted proxy names it; null = always the peer.</summary>
    public Func<UpgradeRequest, IPAddress>? ClientAddress { get; init; }

    /// <summary>
    /// Told of every write of messages to a client, after it was handed to the system, with <see cref="SharedMessage.MadeAt"/> of the oldest of
    /// them; from several threads, and must be quick. Null = nobody is.
    /// </summary>
    public Action<long>? OnWritten { get; init; }

    /// <summary>Told of an exception out of a handler, which ends its link with 1011; null = it is only counted.</summary>
    public Action<ClientLink, Exception>? OnHandlerFailed { get; init; }
}
