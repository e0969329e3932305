namespace Pipeline.Simulator.World;

/// <summary>
/// What a perpetual market has beside its book: index, mark price and funding, renewed every second of the clock. The mark price
/// is the last price smoothed; the index wanders around it.
/// </summary>
internal sealed class PerpetualState
{
    /// <summary>Payments are at 0, 8 and 16 o'clock UTC.</summary>
    public const long FundingInterval = 8L * 3600 * UnixTime.Second;

    /// <summary>Payments kept: nearly a year.</summary>
    public const int FundingsKept = 1_000;

    // Fractions in units of FixedPoint: the premium stays within 0.1 %, interest is 0.01 % per interval.
    private const long LargestPremium = 100_000;
    private const long PremiumStep = 500;
    private const long Interest = 10_000;
    private const long LargestAdjustment = 50_000;

    private readonly SeededRandom _random;
    private readonly Queue<FundingPayment> _fundings = new();
    private long _premium;
    private long _meanPremium;

    public PerpetualState(SeededRandom random, long start, long price)
    {
        _random = random;
        MarkPrice = AverageMarkPrice = IndexPrice = price;
        FundingRate = Interest;
        UpdatedAt = start;
        NextFundingTime = start - (start % FundingInterval) + FundingInterval;
    }

    public long MarkPrice { get; private set; }

    /// <summary>The mark price over some minutes.</summary>
    public long AverageMarkPrice { get; private set; }

    public long IndexPrice { get; private set; }

    /// <summary>Estimate of what will be paid next, as a fraction.</summary>
    public long FundingRate { get; private set; }

    public long NextFundingTime { get; private set; }

    /// <summary>The second that the figures are of.</summary>
    public long UpdatedAt { get; private set; }

    /// <summary>Newest payments, oldest first.</summary>
    public IReadOnlyCollection<FundingPayment> Fundings => _fundings;

    /// <summary>Renews the figures at a second's end.</summary>
    public void EndSecond(long time, long lastPrice)
    {
        MarkPrice += (lastPrice - MarkPrice) / 4;
        AverageMarkPrice += (MarkPrice - AverageMarkPrice) / 64;
        _premium = Math.Clamp(_premium + _random.Below((2 * PremiumStep) + 1) - PremiumStep, -LargestPremium, LargestPremium);
        _meanPremium += (_premium - _meanPremium) / 16;
        IndexPrice = MarkPrice - (long)((Int128)MarkPrice * _premium / FixedPoint.One);
        FundingRate = _meanPremium + Math.Clamp(Interest - _meanPremium, -LargestAdjustment, LargestAdjustment);
        UpdatedAt = time;
        if (time >= NextFundingTime)
        {
            Pay();
        }
    }

    private void Pay()
    {
        if (_fundings.Count == FundingsKept)
        {
            _fundings.Dequeue();
        }

        _fundings.Enqueue(new FundingPayment(NextFundingTime, FundingRate, MarkPrice));
        NextFundingTime += FundingInterval;
    }
}
