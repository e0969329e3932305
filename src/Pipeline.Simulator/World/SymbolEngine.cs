using Pipeline.Simulator.Faults;

namespace Pipeline.Simulator.World;

/// <summary>
/// One market: a book of resting orders, takers that hit it and makers that requote it, at random times of fixed mean rate.
/// What happens, and when, follows from seed and start time alone, however the caller cuts time into turns.
/// </summary>
internal sealed partial class SymbolEngine
{
    private const int BookLevels = 400;
    private const long BookInterval = 100 * UnixTime.Millisecond;

    private readonly SeededRandom _random;
    private readonly EngineRates _rates;
    private readonly IMarketListener _listener;
    private long _nextOrder;
    private long _nextQuote;
    private long _nextBook;
    private long _nextSecond;
    private int _bookIntervals;
    private long _lastQuantity;
    private long _lastTime;

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
        var firstAggregate = age + _random.Below(1_000_000);
        Truth = new TradeHistory((2 * age) + _random.Below(1_000_000), rates.TruthTrades);
        Aggregates = new AggregateHistory(Truth, firstAggregate);
        Book = new SimulatedBook(BookLevels, (10 * age) + _random.Below(1_000_000), rates.BookChanges);
        FillBook();
        Klines = new KlineBoard(
            start, spec.Price, rates.HasPast ? new PastMarket(unchecked((int)SeededRandom.SeedFor(seed, spec.Symbol)), spec, start) : null);
        LastPrice = spec.Price;
        _lastTime = start;
        if (spec.IsPerpetual)
        {
            var own = SeededRandom.SeedFor(seed, $"{spec.Venue.Name()}:{spec.Symbol}:funding");
            Perpetual = new PerpetualState(new SeededRandom(own), start, spec.Price);
        }

        _nextLiquidation = spec.IsPerpetual ? start + _random.Wait(rates.OrdersPerSecond / OrdersPerLiquidation) : long.MaxValue / 4;
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

    public AggregateHistory Aggregates { get; }

    /// <summary>Mark price and funding; null unless the market is a perpetual one.</summary>
    public PerpetualState? Perpetual { get; }

    /// <summary>Price of the newest trade; the opening price before the first.</summary>
    public long LastPrice { get; private set; }

    /// <summary>Bars, those that are over too.</summary>
    public KlineBoard Klines { get; }

    /// <summary>When something happens next, in microseconds; may be read while the engine runs.</summary>
    public long NextEvent => Math.Min(
        Math.Min(Volatile.Read(ref _nextOrder), Math.Min(Volatile.Read(ref _nextQuote), Volatile.Read(ref _nextLiquidation))),
        Math.Min(Volatile.Read(ref _nextBook), Volatile.Read(ref _nextSecond)));

    /// <summary>Sums of the 24 hours before <paramref name="now"/>.</summary>
    public RollingStatistics Statistics(long now) => Statistics(now, RollingStatistics.Day);

    /// <summary>Sums of the time before <paramref name="now"/>, in whole minutes, as far as the symbol goes back.</summary>
    public RollingStatistics Statistics(long now, long length) => Klines.Sum(now - length, Spec.Price) with
    {
        CloseTime = now,
        LastQuantity = _lastQuantity,
        LastTime = _lastTime,
    };

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
                Klines.EndSecond(this, next, _listener);
                Perpetual?.EndSecond(next, LastPrice);
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
            else if (next == _nextLiquidation)
            {
                Liquidate(next);
                _nextLiquidation += _random.Wait(_rates.OrdersPerSecond / OrdersPerLiquidation);
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
        EndAggregate();
        var wholeSecond = ++_bookIntervals % 10 == 0;
        _listener.OnBookInterval(this, wholeSecond);
        Book.MarkPublished();
        Book.History.MarkInterval(_nextBook);
        if (wholeSecond)
        {
            Book.StartSecond();
        }

        _nextBook += BookInterval;
    }
}
