using System.Buffers.Text;
using Pipeline.Core.Market;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance;

/// <summary>
/// When to ping a client, and whether it answered: a pong counts when it carries the payload of a ping that is still open, and
/// answers the earlier ones too.
/// </summary>
internal sealed class PingWatch(TimeProvider clock, BinanceLimits limits)
{
    private readonly Lock _gate = new();
    private readonly long _start = clock.GetTimestamp();
    private readonly Queue<(long Payload, TimeSpan SentAt)> _open = new();
    private TimeSpan _nextPing = limits.PingInterval;

    /// <summary>What is due now; <paramref name="payload"/> is the ping's, in Unix milliseconds.</summary>
    public PingVerdict Check(out long payload)
    {
        lock (_gate)
        {
            payload = 0;
            var now = clock.GetElapsedTime(_start);
            if (_open.TryPeek(out var oldest) && now - oldest.SentAt >= limits.PongTimeout)
            {
                return PingVerdict.TimedOut;
            }

            if (now >= limits.ConnectionLife)
            {
                return PingVerdict.LifeIsOver;
            }

            if (now < _nextPing)
            {
                return PingVerdict.Nothing;
            }

            payload = MarketTime.Now(clock) / UnixTime.Millisecond;
            _open.Enqueue((payload, now));

            // After a standstill one ping is enough: answering all the missed ones would break the client's message budget.
            _nextPing += limits.PingInterval;
            _nextPing = _nextPing > now ? _nextPing : now + limits.PingInterval;
            return PingVerdict.SendPing;
        }
    }

    public void Accept(ReadOnlySpan<byte> pong)
    {
        if (!Utf8Parser.TryParse(pong, out long payload, out var length) || length != pong.Length)
        {
            return;
        }

        lock (_gate)
        {
            if (_open.Any(ping => ping.Payload == payload))
            {
                while (_open.Dequeue().Payload != payload)
                {
                }
            }
        }
    }
}
