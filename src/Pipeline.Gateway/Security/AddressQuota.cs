using Pipeline.Core.Diagnostics;
using Pipeline.Core.Topology;
using Pipeline.Fanout;

namespace Pipeline.Gateway.Security;

/// <summary>
/// What the clients of one address may do together, on <c>/ws</c> and at the candle service: messages a second, and streams. Each client
/// holds it, so that nothing is looked up for a message; what is refused is counted here. Messages are for any thread, streams for the hub's
/// alone: there they are joined and left, and no two clients can take the same place.
/// </summary>
internal sealed class AddressQuota(GatewayLimits limits, PipelineMetrics metrics, TimeProvider time)
{
    /// <summary>
    /// When who was refused a message may send it again: by then as many fit in as a second has. All of them at the next place that is free,
    /// a fraction of a millisecond later, would be a flood.
    /// </summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    // Seconds whose messages may come at once.
    private const int BurstSeconds = 5;

    private readonly Lock _gate = new();
    private TokenBucket _messages;
    private int _holders;

    /// <summary>Streams that its clients have, one for each client and stream. Only for the hub's thread.</summary>
    public int Streams { get; private set; }

    /// <summary>Whether nothing of it counts any more: nobody holds it, and no message of late.</summary>
    public bool IsUnused
    {
        get
        {
            if (Volatile.Read(ref _holders) > 0)
            {
                return false;
            }

            lock (_gate)
            {
                return _messages.IsFull(limits.MaxMessagesPerSecondPerAddress, time.GetElapsedTime(0));
            }
        }
    }

    /// <summary>One more client has it.</summary>
    public void Hold() => Interlocked.Increment(ref _holders);

    /// <summary>Once for each that holds it, when what it had is returned.</summary>
    public void Release() => Interlocked.Decrement(ref _holders);

    /// <summary>Whether one more message may pass.</summary>
    public bool TryMessage()
    {
        var rate = limits.MaxMessagesPerSecondPerAddress;
        bool passes;
        lock (_gate)
        {
            passes = _messages.TryTake(rate, rate * BurstSeconds, time.GetElapsedTime(0));
        }

        if (!passes)
        {
            metrics.GatewayRefused(PipelineMetrics.GatewayRefusedMessages);
        }

        return passes;
    }

    /// <summary>Whether a client may have so many streams more than it has. Only for the hub's thread.</summary>
    public bool Allows(int more)
    {
        if (more <= 0 || more <= limits.MaxStreamsPerAddress - Streams)
        {
            return true;
        }

        metrics.GatewayRefused(PipelineMetrics.GatewayRefusedStreams);
        return false;
    }

    /// <summary>Takes one more stream, if it may be. Only for the hub's thread.</summary>
    public bool TryTakeStream()
    {
        if (!Allows(1))
        {
            return false;
        }

        Streams++;
        return true;
    }

    /// <summary>Streams that were taken are left. Only for the hub's thread.</summary>
    public void ReturnStreams(int count) => Streams -= count;

    /// <summary>
    /// A client that has streams goes on from here, and was at another address before: they count, though they be too many, as they did there.
    /// Only for the hub's thread.
    /// </summary>
    public void BringStreams(int count) => Streams += count;
}
