using System.Diagnostics.CodeAnalysis;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Simulator.Faults;

namespace Pipeline.Simulator.World;

/// <summary>
/// All markets on one clock. A timer turn produces everything that has become due since the last one, in slices, tells the
/// listener and sets the timer to the next event; on a virtual clock the turn runs inside the call that moves the clock.
/// </summary>
internal sealed class MarketWorld : IDisposable
{
    // At least this long between turns, so that under load one turn serves many events; at most the other, so that a clock that
    // is set back is noticed.
    private const long ShortestWait = 5 * UnixTime.Millisecond;
    private const long LongestWait = UnixTime.Second;

    // Short enough that symbols interleave and readers of the truth never wait long when the world has to catch up.
    private const long Slice = 10 * UnixTime.Millisecond;

    // 40 bytes each: at most 320 MB over all symbols, allocated as trades happen.
    private const int TruthTradesInAll = 8_000_000;
    private const int MostTruthTrades = 4_000_000;

    // 24 bytes each, allocated as they happen: as much again at most.
    private const int BookChangesInAll = 12_000_000;
    private const int MostBookChanges = 200_000;

    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly IReadOnlyList<VenueListing> _venues;
    private readonly SymbolEngine[] _engines;
    private readonly FaultBoard? _faults;
    private readonly Dictionary<(SimulatedVenue Venue, string Symbol), SymbolEngine> _bySymbol;
    private long _now;
    private volatile bool _stopped;
    private ITimer? _timer;

    public MarketWorld(SimulatorOptions options, TimeProvider clock, IReadOnlyList<VenueListing> venues, FaultBoard? faults = null)
    {
        _clock = clock;
        _faults = faults;
        _venues = venues;
        _now = MarketTime.Now(clock);
        var markets = venues.SelectMany(venue => List(venue, options.Symbols)).ToList();
        var kept = Math.Clamp(TruthTradesInAll / Math.Max(1, markets.Count), 1, MostTruthTrades);
        var changes = Math.Min(BookChangesInAll / Math.Max(1, markets.Count), MostBookChanges);
        _engines = [.. markets.Select(market => new SymbolEngine(
            market.Spec,
            options.Seed,
            new EngineRates(
                market.Symbol.TradesPerSecond ?? options.TradesPerSecond, market.Symbol.QuotesPerSecond ?? options.QuotesPerSecond, kept, changes)
            {
                HasPast = options.Past,
            },
            _now,
            market.Listener,
            new EngineFaults(faults, market.Spec.Venue, market.Spec.Symbol)))];
        _bySymbol = _engines.ToDictionary(engine => (engine.Spec.Venue, engine.Spec.Symbol));
    }

    public IReadOnlyList<SymbolEngine> Engines => _engines;

    /// <summary>Microseconds by which the oldest due event is late; grows when the rates are more than the machine can do.</summary>
    public long Lag => _engines.Length == 0 ? 0 : Math.Max(0, MarketTime.Now(_clock) - _engines.Min(engine => engine.NextEvent));

    public void Start()
    {
        _timer = _clock.CreateTimer(static world => ((MarketWorld)world!).Turn(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        SetTimer();
    }

    /// <summary>Load: catches up with the clock, and then makes so many events per market. Instead of <see cref="Start"/>.</summary>
    public void Burst(int events)
    {
        while (!_stopped && RunSlice())
        {
        }

        if (_stopped || events == 0)
        {
            return;
        }

        lock (_gate)
        {
            BeginTurn(_now);
            foreach (var engine in _engines)
            {
                engine.Burst(events, _now);
            }

            EndTurn();
        }
    }

    public bool TryFind(SimulatedVenue venue, string symbol, [NotNullWhen(true)] out SymbolEngine? engine) =>
        _bySymbol.TryGetValue((venue, symbol), out engine);

    /// <summary>The markets of one venue, by index.</summary>
    public IEnumerable<SymbolEngine> EnginesOf(SimulatedVenue venue) => _engines.Where(engine => engine.Spec.Venue == venue);

    /// <summary>Microseconds by which a venue's clock is ahead (fault F68).</summary>
    public long SkewOf(SimulatedVenue venue) => EngineFaults.SkewOf(_faults, venue);

    /// <summary>Runs <paramref name="read"/> while nothing moves.</summary>
    public T Read<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }

    public void Dispose()
    {
        _stopped = true;
        _timer?.Dispose();
    }

    private static IEnumerable<(SymbolSpec Spec, SimulatedSymbol Symbol, IMarketListener Listener)> List(
        VenueListing venue, IEnumerable<SimulatedSymbol> symbols) =>
        symbols.SelectMany(symbol => venue.List(symbol).Select(listed => (symbol, listed)))
            .Select((one, index) => (SymbolSpec.From(index, venue.Venue, one.listed, one.symbol), one.symbol, venue.Listener));

    private void Turn()
    {
        while (!_stopped && RunSlice())
        {
        }

        SetTimer();
    }

    // Once per turn and only here: two turns never overlap.
    private void SetTimer()
    {
        if (!_stopped && _engines.Length > 0)
        {
            var wait = Math.Clamp(_engines.Min(engine => engine.NextEvent) - MarketTime.Now(_clock), ShortestWait, LongestWait);
            _timer!.Change(TimeSpan.FromMicroseconds(wait), Timeout.InfiniteTimeSpan);
        }
    }

    private bool RunSlice()
    {
        lock (_gate)
        {
            var now = MarketTime.Now(_clock);
            if (now <= _now)
            {
                return false;
            }

            var until = Math.Min(now, _now + Slice);
            BeginTurn(now);

            foreach (var engine in _engines)
            {
                engine.Run(until);
            }

            EndTurn();
            _now = until;
            return until < now;
        }
    }

    private void BeginTurn(long now)
    {
        foreach (var venue in _venues)
        {
            venue.Listener.BeginTurn(now + SkewOf(venue.Venue));
        }
    }

    private void EndTurn()
    {
        foreach (var venue in _venues)
        {
            venue.Listener.EndTurn();
        }
    }
}
