using System.Text;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.TestKit;
using Pipeline.Tests.Venues.Binance;
using Pipeline.Tests.Venues.Okx;
using Pipeline.Venues.Bybit;

namespace Pipeline.Tests.Venues;

/// <summary>Totals of cheap tokens pass 18 digits, where prices and quantities end.</summary>
public sealed class LargeTotalsTests
{
    private const string Large = "12345678901234567890.25";

    [Theory]
    [InlineData("binance/ws_kline.json", "3.21450000", "293284.11000000", "1.90000000")]
    [InlineData("binance/ws_24hrTicker.json", "18234.51200000", "1657741234.56000000")]
    [InlineData("okx/ws_candle1m.json", "3.2145", "293284.11")]
    [InlineData("okx/ws_tickers.json", "8912.3345", "812345678.12")]
    [InlineData("bybit/ws_kline_1.json", "3.2", "291999.1")]
    [InlineData("bybit/ws_tickers.json", "8912.334500", "812345678.12003")]
    public void Parse_TotalOfTwentyTwoDigits_IsTakenExactly(string fixture, params string[] totals)
    {
        var frame = Encoding.UTF8.GetString(Fixture.Read(fixture));
        foreach (var total in totals)
        {
            Assert.Contains($"\"{total}\"", frame, StringComparison.Ordinal);
            frame = frame.Replace($"\"{total}\"", $"\"{Large}\"", StringComparison.Ordinal);
        }

        var batch = Parse(fixture.Split('/')[0], Encoding.UTF8.GetBytes(frame));
        Assert.Equal(0, batch.DeadLetters.Count);
        var told = batch.Candles.Count > 0
            ? new[] { batch.Candles[0].Volume, batch.Candles[0].QuoteVolume, batch.Candles[0].TakerBuyVolume }
            : [batch.Tickers[0].Volume, batch.Tickers[0].QuoteVolume];
        Assert.Equal(Enumerable.Repeat(Large, totals.Length), told.OfType<WideNumber>().Select(total => total.ToString()));
    }

    private static VenueBatch Parse(string venue, byte[] frame) => venue switch
    {
        "binance" => BinanceFrames.Parse(frame),
        "okx" => OkxFrames.Parse(frame),
        _ => ParseBybit(frame),
    };

    private static VenueBatch ParseBybit(byte[] frame)
    {
        var symbols = new SymbolTable();
        symbols.Add(new Instrument(0, "bybit", "BTC-USDT", "BTCUSDT"));
        var source = new FeedSource("bybit", "bybit-1", new BybitParser(), symbols, 1000);
        var (batch, frames) = (new VenueBatch(), FrameBatch.Of(source, 1, frame));
        source.Parser!.Parse(frames, batch);
        frames.Release();
        return batch;
    }
}
