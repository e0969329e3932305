using Pipeline.Simulator.Replay;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.Transcripts;

namespace Pipeline.Simulator.Faults;

/// <summary>
/// Stands between a connection and its session, whatever the dialect: faults get at what the client sends, and the client's
/// obligations are judged.
/// </summary>
internal sealed class InterceptedSession(IVenueSession inner) : IVenueSession
{
    private readonly ConnectionFaults _faults = inner.Connection.Faults;
    private readonly ClientLedger _ledger = inner.Connection.Ledger;
    private long _framesSeen;

    public SimulatorConnection Connection => inner.Connection;

    public IVenueDialect Dialect => inner.Dialect;

    public IReadOnlyList<string> Streams => inner.Streams;

    public long PingsSent => inner.PingsSent;

    public long PongsReceived => inner.PongsReceived;

    public ReplayProgress? Replay => inner.Replay;

    public bool Combined => inner.Combined;

    public bool Microseconds => inner.Microseconds;

    public string Number => inner.Number;

    public bool IsSubscribed(string stream) => inner.IsSubscribed(stream);

    public void Open()
    {
        _faults.Begin(inner.Connection, inner);
        inner.Open();
    }

    public void OnClock()
    {
        if (Connection.IsClosing)
        {
            return;
        }

        var sent = inner.Connection.FramesSent;
        _ledger.OnClock(hasSent: sent != _framesSeen);
        _framesSeen = sent;
        if (!_faults.IsDead)
        {
            inner.OnClock();
        }

        _faults.OnClock();
    }

    public void End()
    {
        _faults.End();
        _ledger.End();
        inner.End();
    }

    public void OnMessage(ReadOnlySpan<byte> message, long length)
    {
        if (!IsTooMany(_ledger.OnMessage(length)))
        {
            _faults.OnMessage(inner, message, length);
        }
    }

    public void OnPing(ReadOnlySpan<byte> payload)
    {
        if (!IsTooMany(_ledger.OnPing()))
        {
            _faults.OnPing(inner, payload);
        }
    }

    public void OnPong(ReadOnlySpan<byte> payload)
    {
        var expected = _ledger.OpenPing;
        if (!IsTooMany(_ledger.OnPong(payload)))
        {
            _faults.OnPong(inner, payload, expected);
        }
    }

    /// <summary>The number of messages in the last second against a limit that a fault has set.</summary>
    private bool IsTooMany(int recent)
    {
        if (!_faults.IsAwake || _faults.Find(FaultId.F04) is not { } limit || recent <= limit.Values.Whole("limit") || !limit.TryStrike())
        {
            return false;
        }

        Connection.Close(CloseCode.PolicyViolation, "Too many requests");
        return true;
    }
}
