using Pipeline.Core.Market;
using Pipeline.Gateway.History;
using Pipeline.History;

namespace Pipeline.Gateway.Candles;

/// <summary>Candles as clients of the candle service get them: times in seconds, numbers made from the record's own digits.</summary>
internal static class KlineJson
{
    private const long MicrosecondsPerSecond = 1_000_000;

    public static void Write(JsonBuffer json, in CandleText candle, bool strings)
    {
        Begin(json, candle.OpenTime);
        json.Decimal(candle.Open, strings).Raw(",\"high\":"u8).Decimal(candle.High, strings).Raw(",\"low\":"u8).Decimal(candle.Low, strings)
            .Raw(",\"close\":"u8).Decimal(candle.Close, strings).Raw(",\"volume\":"u8).Decimal(candle.Volume, strings);
        End(json, candle.State, candle.Updates);
    }

    public static void Write(JsonBuffer json, in HistoryCandle candle, bool strings)
    {
        Begin(json, candle.OpenTime);
        json.Decimal(candle.Open, strings).Raw(",\"high\":"u8).Decimal(candle.High, strings).Raw(",\"low\":"u8).Decimal(candle.Low, strings)
            .Raw(",\"close\":"u8).Decimal(candle.Close, strings).Raw(",\"volume\":"u8).Decimal(candle.Volume, strings);
        End(json, candle.State, candle.Updates);
    }

    private static void Begin(JsonBuffer json, long openTime) => json.Raw("{\"time\":"u8).Integer(openTime / MicrosecondsPerSecond).Raw(",\"open\":"u8);

    private static void End(JsonBuffer json, CandleState state, int updates) => json
        .Raw(",\"is_final\":"u8).Flag(state != CandleState.Forming)
        .Raw(state switch
        {
            CandleState.Final => ",\"update_type\":\"final\",\"update_count\":"u8,
            CandleState.Revised => ",\"update_type\":\"revised\",\"update_count\":"u8,
            _ => ",\"update_type\":\"realtime\",\"update_count\":"u8,
        })
        .Integer(updates).Raw((byte)'}');
}
