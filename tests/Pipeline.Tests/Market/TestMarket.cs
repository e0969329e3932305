using System.Globalization;
using Pipeline.Core.Market;

namespace Pipeline.Tests.Market;

/// <summary>Instruments and trades for tests.</summary>
internal static class TestMarket
{
    public static readonly Instrument Bitcoin = new(0, "binance", "BTC-USDT", "BTCUSDT");
    public static readonly Instrument Ether = new(1, "binance", "ETH-USDT", "ETHUSDT");

    public static long At(string text) =>
        MarketTime.From(DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));

    public static Trade Trade(long id, string time, string price = "100", string quantity = "1", AggressorSide side = AggressorSide.Buy) =>
        Trade(Bitcoin, id, At(time), price, quantity, side);

    public static Trade Trade(
        Instrument instrument, long id, long time, string price = "100", string quantity = "1", AggressorSide side = AggressorSide.Buy) =>
        new(
            instrument, id, id, Number.Parse(price), Number.Parse(quantity), side, 1, TradeKind.Market, time, time, TradeSource.Live, AfterGap: false);

    public static MarketBatch Batch(long now, params Trade[] trades)
    {
        var batch = new MarketBatch { Now = now };
        foreach (var trade in trades)
        {
            batch.Add(trade);
        }

        return batch;
    }
}
