using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Faults;

/// <summary>
/// The faults that concern one connection, and what they have left behind: held frames, answers yet to be given, things to be done
/// later. Frames pass it only while <see cref="IsAwake"/>.
/// </summary>
internal sealed partial class ConnectionFaults : IFaultTarget
{
    private readonly FaultBoard _board;
    private readonly SimulatedVenue _venue;
    private readonly int _id;
    private readonly TimeProvider _clock;
    private readonly SeededRandom _random;

    // Guards what follows. The board's lock may be taken inside it, never the other way round: the board calls nobody under its own.
    private readonly Lock _gate = new();
    private readonly Lock _refreshing = new();
    private readonly List<(long Since, TimeSpan After, Action Do)> _agenda = [];
    private readonly HashSet<int> _applied = [];
    private SimulatorConnection? _connection;
    private IVenueSession? _session;
    private volatile ActiveFault[] _mine = [];
    private volatile bool _hasState;
    private volatile bool _isDead;
    private volatile bool _isMute;

    public ConnectionFaults(FaultBoard board, SimulatedVenue venue, int id, TimeProvider clock)
    {
        _board = board;
        _venue = venue;
        _id = id;
        _clock = clock;
        _random = new SeededRandom((ulong)id);
    }

    /// <summary>True when a fault is on for this connection or has left something behind.</summary>
    public bool IsAwake => _mine.Length != 0 || _hasState;

    /// <summary>To the client nothing answers any more, though TCP lives.</summary>
    public bool IsDead => _isDead;

    /// <summary>
    /// For dialects, in the middle of their own work: counts a strike when such a fault is on for this connection, and for the
    /// stream if one is given; null = nothing is to go wrong.
    /// </summary>
    public ActiveFault? Strike(FaultId id, string? stream = null) =>
        Find(id, stream) is { } fault && fault.TryStrike() ? fault : null;

    /// <summary>As <see cref="Strike(FaultId, string?)"/> for what all subscribers of a stream get: whether it is to go wrong for one of them.</summary>
    public static bool StrikesAny(ReadOnlySpan<IPublishedSession> sessions, FaultId id, string stream)
    {
        foreach (var session in sessions)
        {
            if (session.Connection.Faults is { IsAwake: true } faults && faults.Strike(id, stream) is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>As <see cref="Strike(FaultId, string?)"/> without counting.</summary>
    public ActiveFault? Find(FaultId id, string? stream = null)
    {
        foreach (var fault in _mine)
        {
            if (fault.Id == id && (stream is null || fault.ConcernsStream(stream)))
            {
                return fault;
            }
        }

        return null;
    }

    /// <summary>From now on faults find the connection.</summary>
    public void Begin(SimulatorConnection connection, IVenueSession session)
    {
        (_connection, _session) = (connection, session);
        _board.Attach(this);
        foreach (var fault in _mine)
        {
            OnFaultBegins(fault);
        }
    }

    public void End()
    {
        _board.Detach(this);
        lock (_gate)
        {
            _agenda.Clear();
            Settle();
        }
    }

    public void OnFaultsChanged()
    {
        lock (_refreshing)
        {
            _mine = [.. _board.Active.Where(fault => fault.Concerns(_venue, _id))];
        }
    }

    public void OnFaultBegins(ActiveFault fault)
    {
        if (_connection is null || !fault.Concerns(_venue, _id))
        {
            return;
        }

        lock (_gate)
        {
            if (_applied.Add(fault.Handle))
            {
                Apply(fault, _connection);
                Settle();
            }
        }
    }

    /// <summary>Time has passed: does what has become due.</summary>
    public void OnClock()
    {
        if (!IsAwake || _connection is null)
        {
            return;
        }

        lock (_gate)
        {
            ApplyLasting(_connection);
            ReleaseHeld();
            ReleaseAnswers(hasData: false);
            for (var i = 0; i < _agenda.Count; i++)
            {
                var (since, after, act) = _agenda[i];
                if (_clock.GetElapsedTime(since) >= after)
                {
                    _agenda.RemoveAt(i--);
                    act();
                }
            }

            Settle();
            _connection.Wake();
        }
    }

    private void Later(TimeSpan after, Action act) => _agenda.Add((_clock.GetTimestamp(), after, act));

    private void Settle() => _hasState = _isDead || _isMute || _agenda.Count + _held.Count + _answers.Count > 0;
}
