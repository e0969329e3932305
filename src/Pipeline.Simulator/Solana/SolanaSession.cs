using Pipeline.Simulator.Replay;
using Pipeline.Simulator.Sockets;

namespace Pipeline.Simulator.Solana;

/// <summary>One listener: it gets all events and is not asked what it wants.</summary>
internal sealed class SolanaSession(SimulatorConnection connection, IVenueDialect dialect, Subscribers<SolanaSession> subscribers)
    : IVenueSession, IPublishedSession
{
    public const string AllEvents = "events";

    public SimulatorConnection Connection { get; } = connection;

    public IVenueDialect Dialect { get; } = dialect;

    public bool HasUnsent { get; set; }

    public IReadOnlyList<string> Streams { get; } = [AllEvents];

    public long PingsSent => 0;

    public long PongsReceived { get; private set; }

    public ReplayProgress? Replay => null;

    public bool IsSubscribed(string stream) => stream == AllEvents;

    public void Open() => subscribers.Add(this, waits: false);

    public void NotePush()
    {
    }

    public void OnClock()
    {
    }

    public void End() => subscribers.Remove(this);

    /// <summary>There is nothing to ask for: whatever comes is passed over.</summary>
    public void OnMessage(ReadOnlySpan<byte> message, long length)
    {
    }

    public void OnPing(ReadOnlySpan<byte> payload) => Connection.Send(Opcode.Pong, payload);

    public void OnPong(ReadOnlySpan<byte> payload) => PongsReceived++;
}
