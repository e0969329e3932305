using Pipeline.Core.Market;
using Pipeline.Core.Sequencing;

namespace Pipeline.Kafka.Records;

/// <summary>Reads values of <c>md.state</c> under the keys of instruments.</summary>
public static class StateRecordReader
{
    /// <param name="instrumentOf">The instrument of a venue, an id and the venue's symbol.</param>
    /// <exception cref="RecordFormatException">The value is no such record.</exception>
    public static StateRecord Read(ReadOnlyMemory<byte> value, Func<string, string, string, Instrument> instrumentOf)
    {
        ArgumentNullException.ThrowIfNull(instrumentOf);
        return RecordFields.Read(value, "state", fields =>
        {
            var instrument = instrumentOf(fields.Name("venue"), fields.Name("instrument"), fields.Name("symbol"));
            var state = new InstrumentState(instrument)
            {
                Trades = fields.ObjectOrNull("trades", trades => ReadTrades(trades, instrument)),
                Candles = fields.ObjectOrNull("candles", ReadCandles),
            };
            return new StateRecord(state, fields.IntegerOrNull("tradesOffset"), fields.IntegerOrNull("pricesOffset"));
        });
    }

    private static TradeSeriesState ReadTrades(RecordFields fields, Instrument instrument) => new()
    {
        Frontier = fields.Integer("frontier", -1),
        FrontierTime = fields.Integer("frontierTime"),
        Series = fields.Integer("series"),
        OpenGaps = fields.List("openGaps", gap => GapFields.Read(gap, instrument)),
        SilentHoles = fields.List("silentHoles", gap => GapFields.Read(gap, instrument)),
        SilentGaps = fields.Small("silentGaps"),
        IsDemoted = fields.Flag("demoted"),
        RecentIds = fields.Integers("recentIds"),
    };

    private static CandleSeriesState ReadCandles(RecordFields fields) => new()
    {
        HasStarted = fields.Flag("started"),
        LastClose = fields.DecimalOrNull("lastClose"),
        IsPriced = fields.Flag("priced"),
        LastId = fields.Integer("lastId", long.MinValue),
        LastTime = fields.Integer("lastTime", long.MinValue),
        ClosedTime = fields.Integer("closedTime", long.MinValue),
        LostUntil = fields.Integer("lostUntil", long.MinValue),
        MendedTo = fields.Integer("mendedTo", long.MinValue),
        CompletedUntil = fields.Integer("completedUntil", long.MinValue),
        Start = fields.ObjectOrNull(
            "start", start => new CandleStartState(start.Integer("time"), start.ObjectOrNull("minute", ReadWindow) ?? throw start.Wrong("minute", "is null"))),
        Intervals = fields.List("intervals", ReadInterval),
        Windows = fields.List("windows", ReadWindow),
        Gaps = fields.List("gaps", ReadGap),
    };

    private static CandleIntervalState ReadInterval(RecordFields fields) => new()
    {
        Interval = CandleFields.Interval(fields, "interval", fields.Text("interval")),
        Finer = fields.TextOrNull("finer") is { } finer ? CandleFields.Interval(fields, "finer", finer) : null,
        SeenFrom = fields.Integer("seenFrom", long.MinValue),
        ClosedUntil = fields.Integer("closedUntil", long.MinValue),
        CarriedFrom = fields.Integer("carriedFrom", long.MinValue),
        EvictedUntil = fields.Integer("evictedUntil", long.MinValue),
        CarryNext = fields.Integer("carryNext", long.MinValue),
        CarryEnd = fields.Integer("carryEnd", long.MinValue),
        CarryPrice = fields.Decimal("carryPrice"),
        SeededUntil = fields.Integer("seededUntil", long.MinValue),
    };

    private static CandleGapState ReadGap(RecordFields fields)
    {
        var gap = new CandleGapState
        {
            FromId = fields.Integer("fromId", -1),
            ToId = fields.Integer("toId", -1),
            FoundFrom = fields.Integer("foundFrom", long.MinValue),
            From = fields.Integer("from", long.MinValue),
            To = fields.Integer("to", long.MinValue),
            NextId = fields.Integer("nextId", long.MinValue),
            HasSkipped = fields.Flag("skipped"),
            PriceBefore = fields.DecimalOrNull("priceBefore"),
            SilentUntil = fields.Integer("silentUntil"),
            IsReopened = fields.Flag("reopened"),
            Next = fields.Integers("next"),
            CarriedFrom = fields.Integers("carriedFrom"),
            CarriedUntil = fields.Integers("carriedUntil"),
            Close = fields.DecimalsOrNull("close"),
        };
        return gap.Next.Count == CandleInterval.All.Count && gap.CarriedFrom.Count == gap.Next.Count
            && gap.CarriedUntil.Count == gap.Next.Count && gap.Close.Count == gap.Next.Count
            ? gap
            : throw fields.Wrong("next", "does not name every interval");
    }

    private static CandleWindowState ReadWindow(RecordFields fields)
    {
        var interval = CandleFields.Interval(fields, "interval", fields.Text("interval"));
        var openTime = fields.Integer("openTime");
        return interval.OpenOf(openTime) != openTime
            ? throw fields.Wrong("openTime", $"no window of {interval.Name} begins at {openTime}")
            : new CandleWindowState
            {
                Interval = interval,
                OpenTime = openTime,
                HasAny = fields.Flag("any"),
                Open = fields.Decimal("open"),
                High = fields.Decimal("high"),
                Low = fields.Decimal("low"),
                Close = fields.Decimal("close"),
                Volume = fields.Wide("volume"),
                QuoteVolume = fields.Wide("quoteVolume"),
                TakerBuyVolume = fields.Wide("takerBuyVolume"),
                Trades = fields.Integer("trades", -1),
                IsCountUnknown = fields.Flag("countUnknown"),
                FirstId = fields.Integer("firstId", long.MinValue),
                LastId = fields.Integer("lastId", long.MinValue),
                Overflowed = fields.Flag("overflowed"),
                IsClosed = fields.Flag("closed"),
                IsPublished = fields.Flag("published"),
                Revision = fields.Small("revision"),
                IsComplete = fields.Flag("complete"),
                IsDoubted = fields.Flag("doubted"),
                WasComplete = fields.Flag("wasComplete"),
                IsDirty = fields.Flag("dirty"),
                IsRepair = fields.Flag("repair"),
                IsSideUnknown = fields.Flag("sideUnknown"),
                Updates = fields.Small("updates"),
                Source = CandleFields.Source(fields),
            };
    }
}
