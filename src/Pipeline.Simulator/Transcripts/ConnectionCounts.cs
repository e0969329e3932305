
namespace Pipeline.Simulator.Transcripts;

/// <summary>
/// What went over one connection, for comparison with what its client says. Counted from any thread; frames when the socket has taken
/// them. Of a message in fragments each counts.
/// </summary>
internal sealed class ConnectionCounts
{
    private long _frames;
    private long _controlFrames;
    private long _bytes;
    private long _requests;
    private long _pongs;
    private long _endedAt;

    /// <summary>Frames that clients count as messages: data, answers, notices.</summary>
    public long Messages => Frames - Interlocked.Read(ref _controlFrames);

    public long Frames => Interlocked.Read(ref _frames);

    /// <summary>With headers.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Text and binary messages that came, understood or not.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    public long Pongs => Interlocked.Read(ref _pongs);

    /// <summary>Microseconds since the Unix epoch; null while it is open.</summary>
    public long? EndedAt => Interlocked.Read(ref _endedAt) is var time and > 0 ? time : null;

    /// <summary>Why the venue ended it; null while it is open or when the client did.</summary>
    public string? EndReason { get; private set; }

    /// <summary>Pings, pongs and closes that were queued.</summary>
    public void QueuedControl() => Interlocked.Increment(ref _controlFrames);

    public void Sent(long frames, long bytes)
    {
        Interlocked.Add(ref _frames, frames);
        Interlocked.Add(ref _bytes, bytes);
    }

    public void Received(int opcode)
    {
        if (opcode is Opcode.Text or Opcode.Binary)
        {
            Interlocked.Increment(ref _requests);
        }
        else if (opcode == Opcode.Pong)
        {
            Interlocked.Increment(ref _pongs);
        }
    }

    public void End(string? reason, long time)
    {
        EndReason = reason;
        Interlocked.Exchange(ref _endedAt, time);
    }
}
