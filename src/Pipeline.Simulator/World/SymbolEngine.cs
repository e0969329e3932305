using Pipeline.Simulator.Faults;

namespace Pipeline.Simulator.World;

/// <summary>
/// One market: a book of resting orders, takers that hit it and makers that requote it, at random times of fixed mean rate.
/// What happens, and when, follows from seed and start time alone, however the caller cuts time into turns.
/// </summary>
internal sealed partial class SymbolEngine
{
    private const int BookLevels = 100;
    private const long BookInterval = 100 * UnixTime.Millisecond;

    private readonly SeededRandom _random;
    private readonly EngineRates _rates;
    private readonly IMarketListener _listener;
    private readonly KlineBoard _klines;
    private long _nextOrder;
    private long _nextQuote;
    private long _nextBook;
    private long _nextSecond;
    private int _bookIntervals;

    public SymbolEngine(SymbolSpec spec, int seed, EngineRates rates, long start, IMarketListener listener, EngineFaults? faults = null)
    {
        Spec = spec;
        Faults = faults ?? EngineFaults.None;
        _rates = rates;
        _listener = listener;
        _random = new SeededRandom(SeededRandom.SeedFor(seed, $"{spec.Venue.Name()}:{spec.Symbol}"));

        // Ids grow with the clock, one per millisecond before the start, so that a restarted venue goes on above the ids it once
        // gave, as a real one does, instead of giving them twice.
        var age = Math.Max(0, start - IdEpoch) / UnixTime.Millisecond;
        _nextAggregateId = age + _random.Below(1_000_000);
        Truth = new TradeHistory((2 * age) + _random.Below(1_000_000), rates.TruthTrades);
        Book = new SimulatedBook(BookLevels, (10 * age) + _random.Below(1_000_000));
        FillBook();
        _klines = new KlineBoard(start, spec.Price);
        _nextOrder = start + _random.Wait(rates.OrdersPerSecond);
        _nextQuote = start + _random.Wait(rates.QuotesPerSecond);
        _nextSecond = start - (start % UnixTime.Second) + UnixTime.Second;

        // Symbols do not flush their books in the same instant, nor do a real venue's.
        _nextBook = start - (start % BookInterval) + BookInterval + _random.Below(BookInterval);
    }

    // 2020-01-01T00:00:00Z.
    private const long IdEpoch = 1_577_836_800_000_000;

    public SymbolSpec Spec { get; }

    /// <summary>What is to go wrong in this market.</summary>
    public EngineFaults Faults { get; }

    public SimulatedBook Book { get; }

    public TradeHistory Truth { get; }

    /// <summary>When something happens next, in microseconds; may be read while the engine runs.</summary>
    public long NextEvent => Math.Min(
        Math.Min(Volatile.Read(ref _nextOrder), Volatile.Read(ref _nextQuote)),
        Math.Min(Volatile.Read(ref _nextBook), Volatile.Read(ref _nextSecond)));

    /// <summary>Does everything that is due up to and including <paramref name="until"/>.</summary>
    public void Run(long until)
    {
        while (true)
        {
            var next = NextEvent;
            if (next > until)
            {
                return;
            }

            // The clock goes before the market: what happens on the boundary belongs to the next window.
            if (next == _nextSecond)
            {
                _klines.EndSecond(this, next, _listener);
                _listener.OnSecond(this);
                _nextSecond += UnixTime.Second;
            }
            else if (next == _nextBook)
            {
                EndBookInterval();
            }
            else if (next == _nextOrder)
            {
                if (!Faults.PausesTrading)
                {
                    TakeLiquidity(next);
                }

                _nextOrder += _random.Wait(_rates.OrdersPerSecond);
            }
            else
            {
                Requote();
                _nextQuote += _random.Wait(_rates.QuotesPerSecond);
            }
        }
    }

    /// <summary>Load: so many orders and quotes now, in the proportion of their rates; the clock's events must have been done.</summary>
    public void Burst(int events, long time)
    {
        var all = _rates.OrdersPerSecond + _rates.QuotesPerSecond;
        for (; events > 0 && all > 0; events--)
        {
            if (_random.Below(1_000_000) < 1_000_000 * _rates.OrdersPerSecond / all)
            {
                TakeLiquidity(time);
            }
            else
            {
                Requote();
            }
        }
    }

    private void EndBookInterval()
    {
        var wholeSecond = ++_bookIntervals % 10 == 0;
        _listener.OnBookInterval(this, wholeSecond);
        Book.MarkPublished();
        if (wholeSecond)
        {
            Book.StartSecond();
        }

        _nextBook += BookInterval;
    }
}
