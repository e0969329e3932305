using Pipeline.Core.Candles;
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
        SilentGaps = fields.Small("silentGaps"),
        IsDemoted = fields.Flag("demoted"),
        RecentIds = fields.Integers("recentIds"),
    };

    private static CandleSeriesState ReadCandles(RecordFields fields) => new()
    {
        HasStarted = fields.Flag("started"),
        LastClose = fields.DecimalOrNull("lastClose"),
        Windows = fields.List("windows", ReadWindow),
    };

    private static CandleWindowState ReadWindow(RecordFields fields)
    {
        var name = fields.Text("interval");
        if (!CandleInterval.TryParse(name, out var interval) || interval.Name != name)
        {
            throw fields.Wrong("interval", $"there is no '{name}'");
        }

        var openTime = fields.Integer("openTime");
        return interval.OpenOf(openTime) != openTime
            ? throw fields.Wrong("openTime", $"no window of {name} begins at {openTime}")
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
                FirstId = fields.Integer("firstId", -1),
                LastId = fields.Integer("lastId", -1),
                Overflowed = fields.Flag("overflowed"),
                IsClosed = fields.Flag("closed"),
                IsPublished = fields.Flag("published"),
                Revision = fields.Small("revision"),
                IsComplete = fields.Flag("complete"),
                Updates = fields.Small("updates"),
                Source = fields.Choice<CandleSource>(
                    "source",
                    ("trades", CandleSource.Trades),
                    ("prices", CandleSource.Prices),
                    ("mixed", CandleSource.Mixed),
                    ("venue", CandleSource.Venue)),
            };
    }
}
