using System.Text;
using Pipeline.Core.Market;

namespace Pipeline.Tests.Kafka;

/// <summary>Events to write.</summary>
internal static class MarketSamples
{
    public const long EventTime = 1_794_900_000_104_000;
    public const long ReceivedTime = 1_794_900_000_131_512;
    public const long OpenTime = 1_794_900_000_000_000;

    public static readonly Instrument Bitcoin = new(0, "binance", "BTC-USDT", "BTCUSDT");

    public static readonly Instrument Token = new(
        1, "solana", "So11111111111111111111111111111111111111112", "So11111111111111111111111111111111111111112");

    public static Trade Trade(long id = 5689012345, Instrument? instrument = null) => new(
        instrument ?? Bitcoin,
        id,
        id,
        Number.Parse("91234.56"),
        Number.Parse("0.0015"),
        AggressorSide.Sell,
        1,
        TradeKind.Market,
        EventTime,
        ReceivedTime,
        TradeSource.Live,
        false);

    public static Quote Quote(long eventTime = 0, Instrument? instrument = null) => new(
        instrument ?? Bitcoin,
        400900217,
        Number.Parse("25.35190000"),
        Number.Parse("31.21"),
        Number.Parse("25.3652"),
        Number.Parse("40.66"),
        eventTime,
        ReceivedTime);

    public static Candle Candle(CandleState state = CandleState.Forming, CandleSource source = CandleSource.Trades) => new(
        Bitcoin,
        CandleInterval.Parse("1m"),
        OpenTime,
        Number.Parse("91230"),
        Number.Parse("91240.1"),
        Number.Parse("91228"),
        Number.Parse("91234.5"),
        WideNumber.From(Number.Parse("3.2145")),
        WideNumber.Multiply(Number.Parse("91237.4"), Number.Parse("3.2145")),
        WideNumber.From(Number.Parse("1.9")),
        57,
        5689012345,
        5689012401,
        state,
        0,
        true,
        31,
        source,
        ReceivedTime);

    public static readonly BookLevel[] Levels =
    [
        new(Number.Parse("91234.5"), Number.Parse("0.5")), new(Number.Parse("91234"), Number.Zero), new(Number.Parse("91235.10"), Number.Parse("2")),
    ];

    public static OrderBookUpdate Book(BookUpdateKind kind = BookUpdateKind.Update, long previous = 400900210, long eventTime = EventTime) =>
        new(Bitcoin, kind, 400900211, 400900217, previous, 0, 2, 1, eventTime, ReceivedTime);

    public static Ticker Ticker(bool isFull = true)
    {
        Number? some = isFull ? Number.Parse("1.25") : null;
        var whole = Number.Parse("91234.56");
        return new Ticker(Bitcoin, whole, some, some, some, some, some, whole, whole, whole, whole, some, EventTime, ReceivedTime);
    }

    public static MarkPrice MarkPrice(string? index = "91230.125") =>
        new(Bitcoin, Number.Parse("91231.5"), index is null ? null : Number.Parse(index), EventTime, ReceivedTime);

    public static FundingRate FundingRate(long fundingTime = OpenTime) => new(Bitcoin, Number.Parse("-0.000125"), fundingTime, EventTime, ReceivedTime);

    public static Liquidation Liquidation(string? average = "91001") => new(
        Bitcoin, AggressorSide.Sell, Number.Parse("91000.5"), average is null ? null : Number.Parse(average), Number.Parse("0.014"), EventTime, ReceivedTime);

    public static PriceTick PriceTick(ProgramEvent programEvent = ProgramEvent.BuySellEvent) =>
        new(Token, programEvent, Number.Parse("0.0000123"), 301_234_567, 3, 0, 0, EventTime, ReceivedTime);

    public static InstrumentRecord InstrumentRecord(
        InstrumentStatus status = InstrumentStatus.Trading, InstrumentKind kind = InstrumentKind.Spot, int revision = 1) => new(
        new InstrumentInfo("binance", "BTC-USDT", "BTCUSDT", kind, "BTC", "USDT", Number.Parse("0.01"), Number.Parse("0.00001"), null, status),
        ["BTC/USDT", "BINANCE:BTCUSDT", "BTCUSDT"],
        revision,
        ReceivedTime);

    public static AuditFinding Audit(AuditCause cause = AuditCause.VenueCorrected) => new(
        Bitcoin,
        CandleInterval.Parse("1m"),
        OpenTime,
        cause,
        Agrees: true,
        [new AuditDifference(AuditField.QuoteVolume, "293284.11", "293284.11", "293284.12"), new AuditDifference(AuditField.Trades, null, "57")],
        Revision: 1,
        Complete: false,
        ReceivedTime);

    public static StreamHealth Health(
        HealthState state = HealthState.Fresh, string reason = "data-resumed", string connection = "binance-1", long outage = 13_000_000) =>
        new(Bitcoin, "candle:1m", state, reason, connection, OpenTime, EventTime, ReceivedTime, outage);

    public static DeadLetter DeadLetter(long size) => new("binance", "binance-1", "malformed", 0, 0, size, ReceivedTime);

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>Instruments with dense indices.</summary>
    public static Instrument[] Instruments(int count) =>
        [.. Enumerable.Range(0, count).Select(index => new Instrument(index, "binance", $"I{index}-USDT", $"I{index}USDT"))];
}
