using System.Net;
using System.Runtime.InteropServices;
using Pipeline.Core.Topology;

namespace Pipeline.Gateway.Security;

/// <summary>
/// How many are connected, in all and of each address, and who may connect. An address costs memory as long as something of it counts,
/// and there is an end to that too. For any thread.
/// </summary>
/// <param name="maxConnections">In all.</param>
internal sealed class ConnectionLimiter(int maxConnections, GatewayLimits limits, TimeProvider time)
{
    /// <summary>Addresses remembered at most; beyond it those not known yet wait until others are forgotten.</summary>
    public const int MostAddresses = 100_000;

    private static readonly TimeSpan FullRetry = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, Entry> _entries = [];
    private int _open;
    private int _sweepAt = 1024;

    public int Open => Volatile.Read(ref _open);

    /// <summary>Addresses remembered.</summary>
    public int Addresses
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Asks at the handshake; who is admitted counts from now on, until <see cref="Leave"/>.</summary>
    /// <param name="retryAfter">When to try again; zero when admitted.</param>
    public Admission TryEnter(IPAddress address, out TimeSpan retryAfter)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            retryAfter = FullRetry;
            if (_open >= maxConnections || (_entries.Count >= _sweepAt && !MakeRoom(now)))
            {
                return Admission.Full;
            }

            ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_entries, Security.Addresses.KeyOf(address), out _);
            if (entry.IsPunished && now < entry.PunishedUntil)
            {
                retryAfter = time.GetElapsedTime(now, entry.PunishedUntil);
                return Admission.Penalised;
            }

            if (entry.Open >= limits.MaxConnectionsPerAddress)
            {
                return Admission.TooManyOpen;
            }

            if (!entry.Connects.TryTake(limits.MaxConnectsPerSecond, now, time))
            {
                retryAfter = entry.Connects.WaitFor(limits.MaxConnectsPerSecond);
                return Admission.TooFast;
            }

            entry.Open++;
            _open++;
            retryAfter = TimeSpan.Zero;
            return Admission.Admitted;
        }
    }

    /// <summary>Once for each that was admitted.</summary>
    public void Leave(IPAddress address)
    {
        lock (_gate)
        {
            ref var entry = ref CollectionsMarshal.GetValueRefOrNullRef(_entries, Security.Addresses.KeyOf(address));
            entry.Open--;
            _open--;
        }
    }

    /// <summary>Refuses an address for the penalty time.</summary>
    public void Punish(IPAddress address)
    {
        if (limits.Penalty == TimeSpan.Zero)
        {
            return;
        }

        lock (_gate)
        {
            ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_entries, Security.Addresses.KeyOf(address), out _);
            entry.IsPunished = true;
            entry.PunishedUntil = time.GetTimestamp() + (long)(limits.Penalty.TotalSeconds * time.TimestampFrequency);
        }
    }

    /// <summary>Forgets addresses of which nothing counts any more; each time it has to, later again, so that a flood does not make it a scan each.</summary>
    private bool MakeRoom(long now)
    {
        foreach (var (address, entry) in _entries)
        {
            var copy = entry;
            if (copy.Open == 0 && !(copy.IsPunished && now < copy.PunishedUntil) && copy.Connects.IsFull(limits.MaxConnectsPerSecond, now, time))
            {
                _entries.Remove(address);
            }
        }

        _sweepAt = Math.Clamp(_entries.Count * 2, 1024, MostAddresses);
        return _entries.Count < MostAddresses;
    }

    private struct Entry
    {
        public int Open;
        public TokenBucket Connects;
        public bool IsPunished;
        public long PunishedUntil;
    }
}
