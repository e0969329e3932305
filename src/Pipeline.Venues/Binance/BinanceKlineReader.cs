using System.Text.Json;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;

namespace Pipeline.Venues.Binance;

/// <summary>The <c>k</c> object of a kline event, in any order of fields.</summary>
internal static class BinanceKlineReader
{
    public static string? Add(ReadOnlySpan<byte> frame, in BinanceFields outer, VenueBatch into)
    {
        if (outer.KlineAt < 0 || outer.EventTime is not { } eventTime || !outer.HasSymbol)
        {
            return DeadLetterReason.WrongShape;
        }

        if (outer.Symbol < 0)
        {
            return DeadLetterReason.UnknownSymbol;
        }

        var reader = new Utf8JsonReader(frame[outer.KlineAt..], isFinalBlock: false, state: default);
        reader.Read();
        var kline = default(Fields);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan.Length == 1 ? reader.ValueSpan[0] : (byte)0;
            reader.Read();
            Read(ref reader, name, ref kline);
        }

        return Add(kline, outer.Symbol, eventTime, into);
    }

    private static void Read(ref Utf8JsonReader reader, byte name, ref Fields kline)
    {
        switch (name)
        {
            case (byte)'t':
                kline.OpenTime = BinanceFieldReader.ReadInteger(ref reader);
                break;
            case (byte)'f':
                kline.FirstId = BinanceFieldReader.ReadInteger(ref reader);
                break;
            case (byte)'L':
                kline.LastId = BinanceFieldReader.ReadInteger(ref reader);
                break;
            case (byte)'n':
                kline.Trades = BinanceFieldReader.ReadInteger(ref reader);
                break;
            case (byte)'o':
                kline.Open = BinanceFieldReader.ReadNumber(ref reader);
                break;
            case (byte)'c':
                kline.Close = BinanceFieldReader.ReadNumber(ref reader);
                break;
            case (byte)'h':
                kline.High = BinanceFieldReader.ReadNumber(ref reader);
                break;
            case (byte)'l':
                kline.Low = BinanceFieldReader.ReadNumber(ref reader);
                break;
            case (byte)'v':
                kline.Volume = BinanceFieldReader.ReadTotal(ref reader, out _);
                break;
            case (byte)'q':
                kline.QuoteVolume = BinanceFieldReader.ReadTotal(ref reader, out _);
                break;
            case (byte)'V':
                kline.TakerBuyVolume = BinanceFieldReader.ReadTotal(ref reader, out _);
                break;
            case (byte)'i' when reader.TokenType == JsonTokenType.String:
                kline.HasInterval = true;
                kline.Interval = BinanceKline.FindInterval(reader.ValueSpan);
                break;
            case (byte)'x' when reader.TokenType is JsonTokenType.True or JsonTokenType.False:
                kline.Closed = reader.GetBoolean();
                break;
            default:
                reader.TrySkip();
                break;
        }
    }

    private static string? Add(in Fields kline, int symbol, long eventTime, VenueBatch into)
    {
        if (kline is not
            {
                HasInterval: true, OpenTime: { } openTime, FirstId: { } firstId, LastId: { } lastId, Trades: { } trades, Closed: { } closed,
                Open: { } open, High: { } high, Low: { } low, Close: { } close,
                Volume: { } volume, QuoteVolume: { } quoteVolume, TakerBuyVolume: { } takerBuyVolume,
            })
        {
            return DeadLetterReason.WrongShape;
        }

        if (kline.Interval is not { } interval)
        {
            return DeadLetterReason.UnknownEvent;
        }

        return BinanceRecords.AddCandle(
            new VenueCandle(
                symbol, interval, openTime, open, high, low, close, volume, quoteVolume, takerBuyVolume, trades, firstId, lastId, closed, eventTime),
            into);
    }

    private struct Fields
    {
        public bool HasInterval;
        public CandleInterval? Interval;
        public long? OpenTime;
        public long? FirstId;
        public long? LastId;
        public long? Trades;
        public bool? Closed;
        public Number? Open;
        public Number? High;
        public Number? Low;
        public Number? Close;
        public WideNumber? Volume;
        public WideNumber? QuoteVolume;
        public WideNumber? TakerBuyVolume;
    }
}
