using System.IO.Pipelines;

namespace Pipeline.Fanout.Sockets;

/// <summary>The bytes of one link: what comes in, and a way out that never blocks. One writer at a time.</summary>
internal abstract class LinkTransport(PipeReader input)
{
    /// <summary>What the client sends.</summary>
    public PipeReader Input { get; } = input;

    /// <summary>Bytes taken that the client has not.</summary>
    public abstract int PendingBytes { get; }

    /// <summary>Called when all that was pending is written, or the connection broke: once for each <see cref="SendResult.Pending"/>.</summary>
    public Action? Writable { get; set; }

    /// <summary>Gives bytes; they are not needed after the call.</summary>
    public abstract SendResult Send(ReadOnlySpan<byte> bytes);

    /// <summary>Breaks the connection; its input ends.</summary>
    public abstract void Abort();
}
