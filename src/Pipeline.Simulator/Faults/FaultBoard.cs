using System.Collections.Concurrent;
using Pipeline.Core.Market;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Faults;

/// <summary>
/// The faults that are switched on. Where nothing is, asking costs one volatile read; who asks often keeps the part of the list that
/// concerns it (<see cref="IFaultTarget"/>).
/// </summary>
internal sealed class FaultBoard(TimeProvider clock) : IDisposable
{
    /// <summary>Faults switched on at a time.</summary>
    public const int MostActive = 1000;

    private const int EndedKept = 100;

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<IFaultTarget, byte> _targets = new();
    private readonly Dictionary<int, ITimer> _expiries = [];
    private readonly Queue<ActiveFault> _ended = new();
    private volatile ActiveFault[] _active = [];
    private int _lastHandle;

    /// <summary>What the faults did.</summary>
    public FaultJournal Journal { get; } = new(clock);

    /// <summary>Oldest first; a list that never changes.</summary>
    public IReadOnlyList<ActiveFault> Active => _active;

    /// <summary>The newest that are over, oldest first.</summary>
    public IReadOnlyList<ActiveFault> Ended
    {
        get
        {
            lock (_gate)
            {
                return [.. _ended];
            }
        }
    }

    public bool IsQuiet => _active.Length == 0;

    /// <exception cref="InvalidOperationException">There are <see cref="MostActive"/> already.</exception>
    public ActiveFault Add(FaultRequest request)
    {
        ActiveFault fault;
        lock (_gate)
        {
            if (_active.Length >= MostActive)
            {
                throw new InvalidOperationException($"{MostActive} faults are on; end some first (DELETE /faults).");
            }

            fault = new ActiveFault(++_lastHandle, request, MarketTime.Now(clock), Journal, EndExhausted);
            Journal.Begin(fault);
            _active = [.. _active, fault];
            if (request.For is { } duration)
            {
                _expiries[fault.Handle] = clock.CreateTimer(_ => End(fault.Handle), null, duration, Timeout.InfiniteTimeSpan);
            }
        }

        Tell();
        foreach (var target in _targets.Keys)
        {
            target.OnFaultBegins(fault);
        }

        // What is done at once is over, unless it is to strike those who connect later too.
        if (request.IsOverAtOnce)
        {
            End(fault.Handle);
        }

        return fault;
    }

    public ActiveFault? Find(int handle) => Array.Find(_active, fault => fault.Handle == handle);

    /// <summary>False when it is over already, or never was.</summary>
    public bool End(int handle)
    {
        lock (_gate)
        {
            if (Find(handle) is not { } fault)
            {
                return false;
            }

            fault.End = MarketTime.Now(clock);
            _active = [.. _active.Where(other => other != fault)];
            _ended.Enqueue(fault);
            if (_ended.Count > EndedKept)
            {
                _ended.Dequeue();
            }

            if (_expiries.Remove(handle, out var expiry))
            {
                expiry.Dispose();
            }
        }

        Tell();
        return true;
    }

    /// <summary>How many were ended.</summary>
    public int EndAll() => _active.Count(fault => End(fault.Handle));

    /// <summary>The first fault of this kind that concerns the venue, and the symbol if one is given; null = none.</summary>
    public ActiveFault? Find(FaultId id, SimulatedVenue venue, string? symbol = null)
    {
        foreach (var fault in _active)
        {
            if (fault.Id == id && fault.Concerns(venue) && (symbol is null || fault.Filter.TakesSymbol(symbol)))
            {
                return fault;
            }
        }

        return null;
    }

    /// <summary>As <see cref="Find(FaultId, SimulatedVenue, string?)"/>, and counts a strike.</summary>
    public ActiveFault? Strike(FaultId id, SimulatedVenue venue, string? symbol = null) =>
        Find(id, venue, symbol) is { } fault && fault.TryStrike() ? fault : null;

    public void Attach(IFaultTarget target)
    {
        _targets[target] = 0;
        target.OnFaultsChanged();
    }

    public void Detach(IFaultTarget target) => _targets.TryRemove(target, out _);

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var expiry in _expiries.Values)
            {
                expiry.Dispose();
            }

            _expiries.Clear();
        }
    }

    private void EndExhausted(ActiveFault fault) => End(fault.Handle);

    private void Tell()
    {
        foreach (var target in _targets.Keys)
        {
            target.OnFaultsChanged();
        }
    }
}
