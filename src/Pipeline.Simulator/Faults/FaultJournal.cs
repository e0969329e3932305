using Pipeline.Core.Market;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Faults;

/// <summary>
/// What faults were on and what they did, so that a test can hold what a client noticed against what really happened. Bounded: the newest
/// are kept, the others counted.
/// </summary>
internal sealed class FaultJournal(TimeProvider clock)
{
    private const int MostFaults = 10_000;
    private const int MostStrikes = 100_000;

    private readonly Lock _gate = new();
    private readonly Queue<ActiveFault> _faults = new();
    private readonly Queue<FaultStrike> _strikes = new();
    private long _forgotten;

    /// <summary>Those that are on and those that are over, oldest first.</summary>
    public IReadOnlyList<ActiveFault> Faults
    {
        get
        {
            lock (_gate)
            {
                return [.. _faults];
            }
        }
    }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<FaultStrike> Strikes
    {
        get
        {
            lock (_gate)
            {
                return [.. _strikes];
            }
        }
    }

    /// <summary>Strikes that were let go.</summary>
    public long Forgotten => Interlocked.Read(ref _forgotten);

    public void Begin(ActiveFault fault)
    {
        lock (_gate)
        {
            _faults.Enqueue(fault);
            if (_faults.Count > MostFaults)
            {
                _faults.Dequeue();
            }
        }
    }

    public void Add(ActiveFault fault, SimulatedVenue venue, string target, int? connection, (long First, long Last)? ids)
    {
        var strike = new FaultStrike(fault.Handle, fault.Id, MarketTime.Now(clock), venue, target, connection, ids);
        lock (_gate)
        {
            _strikes.Enqueue(strike);
            if (_strikes.Count > MostStrikes)
            {
                _strikes.Dequeue();
                Interlocked.Increment(ref _forgotten);
            }
        }
    }
}
