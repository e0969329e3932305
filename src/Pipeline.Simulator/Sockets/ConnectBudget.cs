using System.Net;

namespace Pipeline.Simulator.Sockets;

/// <summary>Counts connection attempts per address in a rolling window.</summary>
internal sealed class ConnectBudget(TimeProvider clock, ConnectLimit limit)
{
    // More addresses than ever reach an offline exchange; beyond it the table starts afresh rather than grow.
    private const int MostAddresses = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, Queue<long>> _attempts = [];

    /// <summary>Notes an attempt; false, with the time until the next is welcome, when it is one too many.</summary>
    public bool TryTake(IPAddress address, out TimeSpan retryAfter)
    {
        lock (_gate)
        {
            if (!_attempts.TryGetValue(address, out var times))
            {
                if (_attempts.Count >= MostAddresses)
                {
                    _attempts.Clear();
                }

                _attempts[address] = times = new Queue<long>();
            }

            while (times.TryPeek(out var oldest) && clock.GetElapsedTime(oldest) >= limit.Window)
            {
                times.Dequeue();
            }

            retryAfter = TimeSpan.Zero;
            if (times.Count < limit.Count)
            {
                times.Enqueue(clock.GetTimestamp());
                return true;
            }

            retryAfter = limit.Window - clock.GetElapsedTime(times.Peek());
            return false;
        }
    }
}
