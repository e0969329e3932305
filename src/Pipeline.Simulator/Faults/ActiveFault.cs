using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Faults;

/// <summary>A fault that was switched on. Its strikes are counted from any thread.</summary>
internal sealed class ActiveFault
{
    private readonly Action<ActiveFault> _onExhausted;
    private readonly FaultJournal _journal;
    private int _struck;

    public ActiveFault(int handle, FaultRequest request, long begin, FaultJournal journal, Action<ActiveFault> onExhausted)
    {
        _journal = journal;
        Handle = handle;
        Request = request;
        Begin = begin;
        Values = new FaultValues(request.Definition, request.Parameters);
        _onExhausted = onExhausted;
    }

    public int Handle { get; }

    public FaultRequest Request { get; }

    public FaultId Id => Request.Definition.Id;

    public FaultFilter Filter => Request.Filter;

    public FaultValues Values { get; }

    /// <summary>Microseconds since the Unix epoch.</summary>
    public long Begin { get; }

    /// <summary>When it ended; null = it has not.</summary>
    public long? End { get; set; }

    /// <summary>How often it has struck.</summary>
    public int Struck => Volatile.Read(ref _struck);

    public bool Concerns(SimulatedVenue venue) => Filter.Venue is { } only ? only == venue : Request.Definition.Venues.Contains(venue);

    public bool Concerns(SimulatedVenue venue, int connection) => Concerns(venue) && Filter.TakesConnection(connection);

    public bool ConcernsStream(string stream) => Filter.TakesStream(stream, Request.Definition.Streams);

    /// <summary>Puts into the journal what a strike concerned.</summary>
    /// <param name="target">Stream, symbol, path or connection.</param>
    /// <param name="connection">Id of the connection; null where it concerns none.</param>
    /// <param name="ids">Ids of trades that were withheld, repeated, swapped or never given; null where it concerns none.</param>
    public void Note(SimulatedVenue venue, string target, int? connection = null, (long First, long Last)? ids = null) =>
        _journal.Add(this, venue, target, connection, ids);

    /// <summary>Counts a strike; false when all that were asked for have been made.</summary>
    public bool TryStrike()
    {
        if (Request.Count is not { } most)
        {
            Interlocked.Increment(ref _struck);
            return true;
        }

        while (true)
        {
            var struck = Volatile.Read(ref _struck);
            if (struck >= most)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _struck, struck + 1, struck) == struck)
            {
                if (struck + 1 == most)
                {
                    _onExhausted(this);
                }

                return true;
            }
        }
    }
}
