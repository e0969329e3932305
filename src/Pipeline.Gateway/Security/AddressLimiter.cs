using System.Net;
using System.Runtime.InteropServices;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Topology;
using Pipeline.Fanout;

namespace Pipeline.Gateway.Security;

/// <summary>
/// How many are connected, in all and of each address, who may connect, how often an address may ask over HTTP, and what its clients may do
/// together. An address costs memory as long as something of it counts, and there is an end to that too. For any thread.
/// </summary>
/// <param name="maxConnections">In all.</param>
internal sealed class AddressLimiter(int maxConnections, GatewayLimits limits, PipelineMetrics metrics, TimeProvider time)
{
    /// <summary>Addresses remembered at most; beyond it those not known yet wait until others are forgotten.</summary>
    public const int MostAddresses = 100_000;

    // Seconds whose connects may come at once.
    private const int BurstSeconds = 10;

    // Who cannot be remembered is not looked for again at once: that is a walk over all.
    private static readonly TimeSpan SweepPause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan FullRetry = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, Entry> _entries = [];
    private int _open;
    private int _sweepAt = 1024;
    private long? _sweptFull;

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
            if (_open >= maxConnections || !HasRoom(now))
            {
                return Admission.Full;
            }

            ref var entry = ref EntryOf(address);
            if (entry.IsPunished && now < entry.PunishedUntil)
            {
                retryAfter = time.GetElapsedTime(now, entry.PunishedUntil);
                return Admission.Penalised;
            }

            if (entry.Open >= limits.MaxConnectionsPerAddress)
            {
                return Admission.TooManyOpen;
            }

            var admission = Take(ref entry.Connects, limits.MaxConnectsPerSecond, now, out retryAfter);
            if (admission == Admission.Admitted)
            {
                entry.Open++;
                _open++;
            }

            return admission;
        }
    }

    /// <summary>Asks for a request over HTTP, which is done when it is answered.</summary>
    /// <param name="retryAfter">When to try again; zero when admitted.</param>
    public Admission TryRequest(IPAddress address, out TimeSpan retryAfter)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            retryAfter = FullRetry;
            return HasRoom(now) ? Take(ref EntryOf(address).Requests, limits.MaxRequestsPerSecond, now, out retryAfter) : Admission.Full;
        }
    }

    /// <summary>
    /// What the clients of an address share: the same for all of them. Whoever asks holds it, and has to release it
    /// (<see cref="AddressQuota.Release"/>). For clients that were admitted, so that their addresses are remembered already.
    /// </summary>
    public AddressQuota QuotaOf(IPAddress address)
    {
        lock (_gate)
        {
            var quota = EntryOf(address).Quota ??= new AddressQuota(limits, metrics, time);
            quota.Hold();
            return quota;
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
            ref var entry = ref EntryOf(address);
            entry.IsPunished = true;
            entry.PunishedUntil = time.GetTimestamp() + (long)(limits.Penalty.TotalSeconds * time.TimestampFrequency);
        }
    }

    /// <summary>Takes one of what there is so many of in a second.</summary>
    private Admission Take(ref TokenBucket bucket, int rate, long now, out TimeSpan retryAfter)
    {
        var burst = rate * BurstSeconds;
        var taken = bucket.TryTake(rate, burst, time.GetElapsedTime(0, now));
        retryAfter = taken ? TimeSpan.Zero : bucket.WaitFor(rate, burst);
        return taken ? Admission.Admitted : Admission.TooFast;
    }

    /// <summary>Whether one more address can be remembered.</summary>
    private bool HasRoom(long now) => _entries.Count < _sweepAt || MakeRoom(now);

    private ref Entry EntryOf(IPAddress address) =>
        ref CollectionsMarshal.GetValueRefOrAddDefault(_entries, Security.Addresses.KeyOf(address), out _);

    /// <summary>Forgets addresses of which nothing counts any more; each time it has to, later again, so that a flood does not make it a scan each.</summary>
    private bool MakeRoom(long now)
    {
        if (_sweptFull is { } swept && time.GetElapsedTime(swept, now) < SweepPause)
        {
            return false;
        }

        foreach (var (address, entry) in _entries)
        {
            if (IsForgettable(entry, now))
            {
                _entries.Remove(address);
            }
        }

        _sweepAt = Math.Clamp(_entries.Count * 2, 1024, MostAddresses);
        var hasRoom = _entries.Count < MostAddresses;
        _sweptFull = hasRoom ? null : now;
        return hasRoom;
    }

    private bool IsForgettable(Entry entry, long now)
    {
        var elapsed = time.GetElapsedTime(0, now);
        return entry.Open == 0 && !(entry.IsPunished && now < entry.PunishedUntil)
            && entry.Connects.IsFull(limits.MaxConnectsPerSecond, elapsed) && entry.Requests.IsFull(limits.MaxRequestsPerSecond, elapsed)
            && entry.Quota?.IsUnused != false;
    }

    private struct Entry
    {
        public int Open;
        public TokenBucket Connects;
        public TokenBucket Requests;

        // Null until a client of it has come.
        public AddressQuota? Quota;
        public bool IsPunished;
        public long PunishedUntil;
    }
}
