using Pipeline.Core.Market;
using Pipeline.Core.Sequencing;

namespace Pipeline.Tests.Kafka;

/// <summary>Holes and states made by chance, from a seed; every field takes its extremes.</summary>
internal sealed class StateSamples(int seed)
{
    private static readonly string[] Reasons = ["stream", "disconnected", "restart", "too-old", ""];
    private readonly Random _random = new(seed);

    public static Gap Gap(
        GapState state = GapState.Open, Instrument? instrument = null, long fromId = 101, IReadOnlyList<IdRange>? missing = null) => new(
        instrument ?? MarketSamples.Bitcoin,
        fromId,
        fromId < 0 ? -1 : fromId + 9,
        state,
        "disconnected",
        missing ?? (fromId < 0 || state != GapState.Open ? [] : [new(fromId, fromId + 3), new(fromId + 7, fromId + 9)]),
        0,
        MarketSamples.EventTime,
        MarketSamples.EventTime + 5_000_000,
        MarketSamples.ReceivedTime,
        MarketSamples.ReceivedTime + 1,
        true);

    public static InstrumentState State(Instrument? instrument = null, long frontier = 100) => new(instrument ?? MarketSamples.Bitcoin)
    {
        Trades = new TradeSeriesState { Frontier = frontier, FrontierTime = MarketSamples.EventTime },
        Candles = new CandleSeriesState(),
    };

    public Gap AnyGap(Instrument instrument)
    {
        var isTime = _random.Next(4) == 0;
        var fromId = isTime ? -1 : Any();
        var missing = new List<IdRange>();
        for (var first = fromId; !isTime && missing.Count < 5 && first < long.MaxValue - 200; first = missing[^1].Last + _random.Next(1, 50))
        {
            missing.Add(new IdRange(first, first + _random.Next(50)));
        }

        return new Gap(
            instrument,
            fromId,
            missing.Count > 0 ? missing[^1].Last : fromId,
            Choose(Enum.GetValues<GapState>()),
            Choose(Reasons),
            missing,
            Any(),
            Any(),
            Any(),
            Any(),
            Any(),
            Flag());
    }

    public InstrumentState AnyState(Instrument instrument) => new(instrument)
    {
        Trades = _random.Next(8) == 0 ? null : new TradeSeriesState
        {
            Frontier = _random.Next(4) == 0 ? -1 : Any(),
            FrontierTime = Any(),
            Series = Any(),
            OpenGaps = [.. Enumerable.Range(0, _random.Next(4)).Select(_ => AnyGap(instrument))],
            SilentHoles = [.. Enumerable.Range(0, _random.Next(4)).Select(_ => AnyGap(instrument))],
            SilentGaps = _random.Next(),
            IsDemoted = Flag(),
            RecentIds = [.. Enumerable.Range(0, _random.Next(40)).Select(_ => Flag() ? Any() : -Any())],
        },
        Candles = _random.Next(8) == 0 ? null : new CandleSeriesState
        {
            HasStarted = Flag(),
            LastClose = Flag() ? Price() : null,
            IsPriced = Flag(),
            LastId = Any(),
            LastTime = AnyTime(),
            ClosedTime = AnyTime(),
            LostUntil = AnyTime(),
            MendedTo = _random.Next(4) == 0 ? -2 : Any(),
            CompletedUntil = AnyTime(),
            Intervals = [.. CandleInterval.All.Where(_ => Flag()).Select(AnyInterval)],
            Windows = [.. Enumerable.Range(0, _random.Next(30)).Select(_ => AnyWindow())],
            Gaps = [.. Enumerable.Range(0, _random.Next(3)).Select(_ => AnyCandleGap())],
        },
    };

    private CandleIntervalState AnyInterval(CandleInterval interval) => new()
    {
        Interval = interval,
        Finer = Flag() ? Choose([.. CandleInterval.All]) : null,
        SeenFrom = AnyTime(),
        ClosedUntil = AnyTime(),
        CarriedFrom = AnyTime(),
        EvictedUntil = AnyTime(),
        CarryNext = AnyTime(),
        CarryEnd = AnyTime(),
        CarryPrice = Price(),
    };

    private CandleGapState AnyCandleGap() => new()
    {
        FromId = Any(),
        ToId = Any(),
        FoundFrom = AnyTime(),
        From = AnyTime(),
        To = AnyTime(),
        NextId = Any(),
        HasSkipped = Flag(),
        PriceBefore = Flag() ? Price() : null,
        SilentUntil = Any(),
        IsReopened = Flag(),
        Next = [.. CandleInterval.All.Select(_ => AnyTime())],
        CarriedFrom = [.. CandleInterval.All.Select(_ => AnyTime())],
        CarriedUntil = [.. CandleInterval.All.Select(_ => AnyTime())],
        Close = [.. CandleInterval.All.Select(_ => Flag() ? Price() : (Number?)null)],
    };

    private long AnyTime() => _random.Next(4) switch { 0 => long.MinValue, 1 => long.MaxValue, _ => _random.NextInt64(long.MaxValue) };

    private CandleWindowState AnyWindow()
    {
        var interval = Choose([.. CandleInterval.All]);
        return new CandleWindowState
        {
            Interval = interval,
            OpenTime = interval.OpenOf(MarketSamples.OpenTime + _random.NextInt64(1_000_000_000_000)),
            HasAny = Flag(),
            Open = Price(),
            High = Price(),
            Low = Price(),
            Close = Price(),
            Volume = Sum(),
            QuoteVolume = Sum(),
            TakerBuyVolume = Sum(),
            Trades = _random.Next(4) == 0 ? -1 : Any(),
            FirstId = _random.Next(4) == 0 ? -1 : Any(),
            LastId = _random.Next(4) == 0 ? -1 : Any(),
            Overflowed = Flag(),
            IsClosed = Flag(),
            IsPublished = Flag(),
            Revision = _random.Next(),
            IsComplete = Flag(),
            IsDoubted = Flag(),
            WasComplete = Flag(),
            IsDirty = Flag(),
            IsRepair = Flag(),
            IsSideUnknown = Flag(),
            Updates = _random.Next(),
            Source = Choose(Enum.GetValues<CandleSource>()),
        };
    }

    private bool Flag() => _random.Next(2) == 0;

    private long Any() => _random.Next(4) switch { 0 => 0, 1 => long.MaxValue, _ => _random.NextInt64(long.MaxValue) };

    private Number Price()
    {
        var digits = _random.Next(1, 19);
        var mantissa = _random.NextInt64((long)Math.Pow(10, digits));
        return new Number(Flag() ? mantissa : -mantissa, _random.Next(Number.MaxScale + 1));
    }

    /// <summary>Sums reach 39 digits and 72 decimals, more than text of a venue may have.</summary>
    private WideNumber Sum() => _random.Next(4) switch
    {
        0 => new WideNumber(Int128.MaxValue, _random.Next((2 * Number.MaxScale) + 1)),
        1 => new WideNumber(-((Int128)_random.NextInt64() * _random.NextInt64()), _random.Next((2 * Number.MaxScale) + 1)),
        2 => WideNumber.Zero,
        _ => WideNumber.Multiply(Price(), Price()),
    };

    private T Choose<T>(T[] values) => values[_random.Next(values.Length)];
}
