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

    public static DeadLetter DeadLetter(long size) => new("binance", "binance-1", "malformed", 0, 0, size, ReceivedTime);

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>Instruments with dense indices.</summary>
    public static Instrument[] Instruments(int count) =>
        [.. Enumerable.Range(0, count).Select(index => new Instrument(index, "binance", $"I{index}-USDT", $"I{index}USDT"))];
}
