using System.Globalization;
using Pipeline.Core.Market;
using Pipeline.Kafka.Partitioning;

namespace Pipeline.Gateway.Tests.Candles;

/// <summary>A record of <c>md.candles</c> as a collector writes it.</summary>
internal sealed record CandleRecord(string Instrument, string Interval, long OpenTime, string State = "final", int Revision = 0, int Updates = 4)
{
    /// <summary>2026-01-05T00:00:00Z, a Monday.</summary>
    public const long Start = 1_767_571_200_000_000;

    public string Open { get; init; } = "91230.5";

    public string High { get; init; } = "91240.1234567890123";

    public string Low { get; init; } = "0.00000000000000000123";

    public string Close { get; init; } = "91234";

    public string Volume { get; init; } = "123456789012345678901234.000001";

    public string Source { get; init; } = "trades";

    public long Length => CandleInterval.Parse(Interval).Microseconds;

    public string Key => string.Create(CultureInfo.InvariantCulture, $"{Instrument}:{Interval}:{OpenTime}");

    public static CandleRecord At(int index, string interval = "1m", string state = "final", int updates = 4, int revision = 0, string instrument = "binance:BTC-USDT") =>
        new(instrument, interval, Start + (index * CandleInterval.Parse(interval).Microseconds), state, revision, updates);

    public static int PartitionOf(string instrument, int partitions) => InstrumentPartitioner.PartitionOf(instrument, partitions);

    public string ToJson()
    {
        var colon = Instrument.IndexOf(':', StringComparison.Ordinal);
        return string.Create(CultureInfo.InvariantCulture, $$"""
            {"venue":"{{Instrument[..colon]}}","instrument":"{{Instrument[(colon + 1)..]}}","interval":"{{Interval}}","openTime":{{OpenTime}},"closeTime":{{OpenTime + Length}},"open":"{{Open}}","high":"{{High}}","low":"{{Low}}","close":"{{Close}}","volume":"{{Volume}}","quoteVolume":"293284.11","takerBuyVolume":"1.9","trades":57,"firstId":5689012345,"lastId":5689012401,"state":"{{State}}","revision":{{Revision}},"complete":true,"updates":{{Updates}},"source":"{{Source}}"}
            """);
    }
}
