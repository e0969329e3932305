using Pipeline.Simulator.Replay;
using Pipeline.Simulator.Sockets;

namespace Pipeline.Tests.Simulator;

/// <summary>A client that is subscribed to everything.</summary>
internal sealed class FakeVenueSession(SimulatorConnection connection) : IVenueSession
{
    public SimulatorConnection Connection => connection;

    public IReadOnlyList<string> Streams => [];

    public long PingsSent => 0;

    public long PongsReceived => 0;

    public ReplayProgress? Replay => null;

    public Func<bool> OnIsSubscribed { get; set; } = () => true;

    public IVenueDialect Dialect => throw new NotSupportedException("No dialect.");

    public void Open()
    {
    }

    public void OnClock()
    {
    }

    public void End()
    {
    }

    public bool IsSubscribed(string stream) => OnIsSubscribed();

    public void OnMessage(ReadOnlySpan<byte> message, long length)
    {
    }

    public void OnPing(ReadOnlySpan<byte> payload)
    {
    }

    public void OnPong(ReadOnlySpan<byte> payload)
    {
    }
}
