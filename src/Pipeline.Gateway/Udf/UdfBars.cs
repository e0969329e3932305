using Pipeline.Gateway.Candles;
using Pipeline.History;

namespace Pipeline.Gateway.Udf;

/// <summary>Bars as columns, numbers made from their decimal digits.</summary>
internal static class UdfBars
{
    /// <param name="candles">Oldest first.</param>
    public static JsonBuffer Write(IReadOnlyList<HistoryCandle> candles)
    {
        var json = new JsonBuffer((candles.Count * 80) + 64).Raw("{\"s\":\"ok\",\"t\":["u8);
        Column(json, candles, static (json, candle) => json.Integer(candle.OpenTime / CandleService.MicrosecondsPerSecond));
        json.Raw("],\"o\":["u8);
        Column(json, candles, static (json, candle) => json.Decimal(candle.Open, isString: false));
        json.Raw("],\"h\":["u8);
        Column(json, candles, static (json, candle) => json.Decimal(candle.High, isString: false));
        json.Raw("],\"l\":["u8);
        Column(json, candles, static (json, candle) => json.Decimal(candle.Low, isString: false));
        json.Raw("],\"c\":["u8);
        Column(json, candles, static (json, candle) => json.Decimal(candle.Close, isString: false));
        json.Raw("],\"v\":["u8);
        Column(json, candles, static (json, candle) => json.Decimal(candle.Volume, isString: false));
        return json.Raw("]}"u8);
    }

    private static void Column(JsonBuffer json, IReadOnlyList<HistoryCandle> candles, Func<JsonBuffer, HistoryCandle, JsonBuffer> write)
    {
        for (var i = 0; i < candles.Count; i++)
        {
            if (i > 0)
            {
                json.Raw((byte)',');
            }

            write(json, candles[i]);
        }
    }
}
