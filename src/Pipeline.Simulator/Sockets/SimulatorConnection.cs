using Pipeline.Core.Market;
using Pipeline.Simulator.Faults;
using Pipeline.Simulator.Transcripts;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Sockets;

/// <summary>
/// One client after the handshake: a read loop that feeds the session, a write loop that empties the outbox, and the close
/// handshake. All sends may come from any thread and never wait.
/// </summary>
internal sealed partial class SimulatorConnection : IDisposable
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly Stream _stream;
    private readonly TimeProvider _clock;
    private readonly Action _abortTransport;
    private readonly Outbox _outbox;
    private readonly Transcript? _transcript;
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _closing = new();
    private ITimer? _closeTimer;
    private volatile bool _closeSent;
    private bool _disposed;
    private long _framesSent;
    private long _bytesSent;

    public SimulatorConnection(int id, Stream stream, ConnectionSetup setup)
    {
        Id = id;
        _stream = stream;
        _clock = setup.Clock;
        _abortTransport = setup.AbortTransport;
        _outbox = new Outbox(setup.MaxUnsentBytes);
        MaxUnsentBytes = setup.MaxUnsentBytes;
        Path = setup.Path;
        ConnectedAt = MarketTime.Now(_clock);
        Ended = _ended.Token;
        _transcript = setup.Transcript;
        Faults = setup.Faults ?? new ConnectionFaults(new FaultBoard(_clock), SimulatedVenue.BinanceSpot, id, _clock);
        Ledger = setup.Ledger ?? new ClientLedger(id, SimulatedVenue.BinanceSpot, Path, _clock);
    }

    public int Id { get; }

    /// <summary>What is to go wrong here; a dialect asks it where only it can do wrong.</summary>
    public ConnectionFaults Faults { get; }

    /// <summary>How the client keeps its obligations.</summary>
    public ClientLedger Ledger { get; }

    /// <summary>Path and query of the handshake.</summary>
    public string Path { get; }

    /// <summary>Microseconds since the Unix epoch.</summary>
    public long ConnectedAt { get; }

    public long FramesSent => Interlocked.Read(ref _framesSent);

    public long BytesSent => Interlocked.Read(ref _bytesSent);

    public long UnsentBytes => _outbox.UnsentBytes;

    /// <summary>Unsent bytes at which the connection is cut.</summary>
    public long MaxUnsentBytes { get; }

    /// <summary>What is noted when a client does not read: the venue's words, though no close frame reaches such a client.</summary>
    public string OverflowReason { get; set; } = "unsent bytes";

    /// <summary>A close frame was sent: the connection lives on for the client's alone.</summary>
    public bool IsClosing => _closeSent;

    /// <summary>Why the simulator ended it; null while it lives or when the client did.</summary>
    public string? EndReason { get; private set; }

    /// <summary>Cancelled when the connection is over.</summary>
    public CancellationToken Ended { get; }

    /// <summary>Serves the connection until both sides are done. Never throws for what a client or the network does.</summary>
    /// <param name="session">Takes what the client sends.</param>
    /// <param name="keep">Bytes kept of a message.</param>
    public async Task RunAsync(IVenueSession session, int keep)
    {
        var writing = WriteAsync();
        try
        {
            await ReadAsync(session, new ClientFrameReader(_stream, keep));
            _outbox.Complete();
            await writing;
        }
        catch (Exception e) when (IsEnd(e))
        {
            // The client or the control port ended it in the middle of something; there is nobody left to tell.
        }
        finally
        {
            await _ended.CancelAsync();
            _outbox.Complete();
            await FinishAsync(writing);
        }
    }

    /// <summary>
    /// Queues a frame of market data, header included, for the next <see cref="Wake"/>: this is where faults of data strike.
    /// </summary>
    /// <param name="stream">The stream's name, as <see cref="IVenueSession.Streams"/> has it.</param>
    public bool Publish(string stream, ReadOnlySpan<byte> frame) =>
        Faults.IsAwake ? Faults.Publish(this, stream, frame) : Append(frame);

    /// <summary>As above, without a header.</summary>
    public bool PublishText(string stream, ReadOnlySpan<byte> payload) => Faults.IsAwake
        ? Faults.Publish(this, stream, ServerFrame.Whole(Opcode.Text, payload))
        : AppendNow(Opcode.Text, payload);

    /// <summary>Queues a frame built elsewhere, header included, for the next <see cref="Wake"/>; no fault strikes it.</summary>
    public bool Append(ReadOnlySpan<byte> frame)
    {
        if (_transcript is { IsOn: true } && !_closeSent)
        {
            var payload = PayloadEdit.PayloadOf(frame);
            NoteOut((byte)(frame[0] & 0x0F), payload);
        }

        return Handle(_outbox.Append(default, frame));
    }

    /// <summary>Queues an answer or a control frame for the next <see cref="Wake"/>.</summary>
    public bool Append(byte opcode, ReadOnlySpan<byte> payload) => Faults.Takes(opcode, payload) || AppendNow(opcode, payload);

    /// <summary>As above, past all faults.</summary>
    public bool AppendNow(byte opcode, ReadOnlySpan<byte> payload)
    {
        // After the close frame nothing goes out, so nothing is owed.
        if (opcode == Opcode.Ping && !_closeSent)
        {
            Ledger.PingSent(payload);
        }

        return AppendFragment(opcode, payload, isLast: true);
    }

    /// <summary>Queues a frame that may be one part of a message.</summary>
    public bool AppendFragment(byte opcode, ReadOnlySpan<byte> payload, bool isLast)
    {
        Span<byte> header = stackalloc byte[ServerFrame.LongestHeader];
        var length = ServerFrame.WriteHeader(header, opcode, payload.Length);
        header[0] = isLast ? header[0] : opcode;
        if (opcode >= Opcode.Close)
        {
            Ledger.Counts.QueuedControl();
        }

        NoteOut(opcode, payload);
        return Handle(_outbox.Append(header[..length], payload));
    }

    /// <summary>Queues a frame and has it sent.</summary>
    public bool Send(byte opcode, ReadOnlySpan<byte> payload)
    {
        var queued = Append(opcode, payload);
        _outbox.Wake();
        return queued;
    }

    /// <summary>As above, past all faults.</summary>
    public bool SendNow(byte opcode, ReadOnlySpan<byte> payload)
    {
        var queued = AppendNow(opcode, payload);
        _outbox.Wake();
        return queued;
    }

    public void Wake() => _outbox.Wake();

    public Task DrainedAsync(long bytes) => _outbox.DrainedAsync(bytes, Ended);

    /// <summary>
    /// Sends what is queued and a close frame, then waits for the client's; a client that does not answer within 5 s of the
    /// simulator's clock is cut. False when the connection was ending already.
    /// </summary>
    public bool Close(int code, string reason) => Close(code, reason, $"{code} {reason}");

    /// <summary>Cuts the connection with a TCP reset; what is queued is lost.</summary>
    public void Abort(string reason)
    {
        lock (_closing)
        {
            // The server reuses what belonged to a connection that is over.
            if (!_disposed)
            {
                EndReason ??= reason;
                _outbox.Complete();
                _abortTransport();
            }
        }
    }

    public void Dispose()
    {
        lock (_closing)
        {
            _disposed = true;
            _closeTimer?.Dispose();
        }

        _outbox.Dispose();
        _ended.Dispose();
    }

    private bool Close(int code, string reason, string? endReason)
    {
        lock (_closing)
        {
            var payload = ServerFrame.ClosePayload(code, reason);
            Span<byte> header = stackalloc byte[ServerFrame.LongestHeader];
            var length = ServerFrame.WriteHeader(header, Opcode.Close, payload.Length);
            if (!Handle(_outbox.AppendLast(header[..length], payload)))
            {
                return false;
            }

            NoteOut(Opcode.Close, payload);
            Ledger.Counts.QueuedControl();
            _closeSent = true;
            EndReason ??= endReason;
            _closeTimer = _clock.CreateTimer(
                static me => ((SimulatorConnection)me!).Abort("close timeout"), this, CloseTimeout, Timeout.InfiniteTimeSpan);
            return true;
        }
    }

    private void NoteOut(byte opcode, ReadOnlySpan<byte> payload)
    {
        if (_transcript is { IsOn: true } transcript && !_closeSent)
        {
            transcript.Note(Id, Ledger.Venue, isIn: false, opcode, payload, payload.Length);
        }
    }

    private bool Handle(OutboxResult result)
    {
        if (result == OutboxResult.Overflow)
        {
            EndReason ??= OverflowReason;

            // The caller may be the engine: cutting a socket is not its work.
            ThreadPool.UnsafeQueueUserWorkItem(static me => me.Abort(me.OverflowReason), this, preferLocal: false);
        }

        return result == OutboxResult.Queued;
    }
}
