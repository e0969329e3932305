using System.Diagnostics.CodeAnalysis;
using Pipeline.Core.Topology;

namespace Pipeline.Simulator.World;

/// <summary>
/// All markets on one clock. A timer turn produces everything that has become due since the last one, in slices, and tells the
/// listener; on a virtual clock the turn runs inside the call that moves the clock.
/// </summary>
internal sealed class MarketWorld : IDisposable
{
    private static readonly TimeSpan TurnInterval = TimeSpan.FromMilliseconds(5);

    // Short enough that symbols interleave and readers of the truth never wait long when the world has to catch up.
    private const long Slice = 10 * UnixTime.Millisecond;

    // 40 bytes each: about 640 MiB over all symbols, allocated as trades happen.
    private const int TruthTradesInAll = 16_000_000;
    private const int MostTruthTrades = 4_000_000;

    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly IMarketListener _listener;
    private readonly SymbolEngine[] _engines;
    private readonly Dictionary<string, SymbolEngine> _bySymbol;
    private long _now;
    private int _turning;
    private volatile bool _stopped;
    private ITimer? _timer;

    public MarketWorld(SimulatorOptions options, TimeProvider clock, IMarketListener listener)
    {
        _clock = clock;
        _listener = listener;
        _now = clock.Microseconds();
        var kept = Math.Clamp(TruthTradesInAll / Math.Max(1, options.Symbols.Count), 1, MostTruthTrades);
        var rates = new EngineRates(options.TradesPerSecond, options.QuotesPerSecond, kept);
        _engines = [.. options.Symbols.Select((symbol, i) => new SymbolEngine(SymbolSpec.From(i, symbol), options.Seed, rates, _now, listener))];
        _bySymbol = _engines.ToDictionary(engine => engine.Spec.Symbol, StringComparer.Ordinal);
    }

    public IReadOnlyList<SymbolEngine> Engines => _engines;

    /// <summary>Microseconds by which the markets are behind the clock; grows when the rates are more than the machine can do.</summary>
    public long Lag => Math.Max(0, _clock.Microseconds() - Volatile.Read(ref _now));

    public void Start() => _timer = _clock.CreateTimer(static world => ((MarketWorld)world!).Turn(), this, TurnInterval, TurnInterval);

    public bool TryFind(string symbol, [NotNullWhen(true)] out SymbolEngine? engine) => _bySymbol.TryGetValue(symbol, out engine);

    /// <summary>Runs <paramref name="read"/> while nothing moves.</summary>
    public T Read<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }

    /// <summary>Produces what is due. A turn that finds another one still at work leaves the rest to it.</summary>
    public void Turn()
    {
        if (Interlocked.Exchange(ref _turning, 1) != 0)
        {
            return;
        }

        try
        {
            while (!_stopped && RunSlice())
            {
            }
        }
        finally
        {
            Volatile.Write(ref _turning, 0);
        }
    }

    public void Dispose()
    {
        _stopped = true;
        _timer?.Dispose();
    }

    private bool RunSlice()
    {
        lock (_gate)
        {
            var now = _clock.Microseconds();
            if (now <= _now)
            {
                return false;
            }

            var until = Math.Min(now, _now + Slice);
            _listener.BeginTurn(now);
            foreach (var engine in _engines)
            {
                engine.Run(until);
            }

            _listener.EndTurn();
            Volatile.Write(ref _now, until);
            return until < now;
        }
    }
}
