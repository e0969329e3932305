using System.Runtime.CompilerServices;
using Pipeline.Core.Market;

namespace Pipeline.Kafka.Records;

/// <summary>
/// Writes record values as UTF-8 JSON into one reused buffer: nothing is allocated per record. What a method returns is valid until the
/// next call. Not safe from several threads at once; the <see cref="InstrumentTexts"/> may be shared.
/// </summary>
internal sealed partial class RecordWriter(InstrumentTexts instruments)
{
    private const int MaxTrade = 208 + (5 * Utf8Writer.MaxInteger) + (2 * Number.MaxLength);
    private const int MaxQuote = 192 + (3 * Utf8Writer.MaxInteger) + (4 * Number.MaxLength);
    private const int MaxCandle = 384 + (7 * Utf8Writer.MaxInteger) + (4 * Number.MaxLength) + (3 * WideNumber.MaxLength);
    private const int FirstSize = 2048;

    private byte[] _buffer = GC.AllocateUninitializedArray<byte>(FirstSize);

    /// <summary>Values of <c>md.trades</c>.</summary>
    public ReadOnlySpan<byte> Write(in Trade trade)
    {
        var prefix = instruments.Of(trade.Instrument).NameAndSymbol;
        var json = new Utf8Writer(Room(prefix.Length + MaxTrade));
        json.Raw(prefix);
        json.Raw(",\"id\":"u8);
        json.Integer(trade.Id);
        if (trade.FirstId != trade.Id)
        {
            json.Raw(",\"firstId\":"u8);
            json.Integer(trade.FirstId);
        }

        // Who folds the log must count as we do.
        if (trade.Fills != trade.Id - trade.FirstId + 1)
        {
            json.Raw(",\"fills\":"u8);
            json.Integer(trade.Fills);
        }

        json.Raw(",\"price\":\""u8);
        json.Decimal(trade.Price);
        json.Raw("\",\"quantity\":\""u8);
        json.Decimal(trade.Quantity);
        json.Raw("\",\"side\":\""u8);
        json.Raw(NameOf(trade.Side));
        json.Raw("\",\"eventTime\":"u8);
        json.Integer(trade.EventTime);
        json.Raw(",\"receivedTime\":"u8);
        json.Integer(trade.ReceivedTime);
        json.Raw(",\"source\":\""u8);
        json.Raw(NameOf(trade.Source));
        json.Raw("\"}"u8);
        return json.Written;
    }

    /// <summary>Values of <c>md.quotes</c>.</summary>
    public ReadOnlySpan<byte> Write(in Quote quote)
    {
        var prefix = instruments.Of(quote.Instrument).NameAndSymbol;
        var json = new Utf8Writer(Room(prefix.Length + MaxQuote));
        json.Raw(prefix);
        json.Raw(",\"updateId\":"u8);
        json.Integer(quote.UpdateId);
        json.Raw(",\"bid\":\""u8);
        json.Decimal(quote.Bid);
        json.Raw("\",\"bidQuantity\":\""u8);
        json.Decimal(quote.BidQuantity);
        json.Raw("\",\"ask\":\""u8);
        json.Decimal(quote.Ask);
        json.Raw("\",\"askQuantity\":\""u8);
        json.Decimal(quote.AskQuantity);
        json.Raw("\""u8);
        WriteMinor(ref json, quote.Minor);
        WriteTimes(ref json, quote.EventTime, quote.ReceivedTime);
        return json.Written;
    }

    /// <summary>Values of <c>md.candles</c> and <c>md.venue-candles</c>.</summary>
    public ReadOnlySpan<byte> Write(in Candle candle)
    {
        var prefix = instruments.Of(candle.Instrument).Name;
        var json = new Utf8Writer(Room(prefix.Length + MaxCandle));
        json.Raw(prefix);
        json.Raw(",\"interval\":\""u8);
        json.Raw(IntervalNames.Utf8(candle.Interval));
        json.Raw("\",\"openTime\":"u8);
        json.Integer(candle.OpenTime);
        json.Raw(",\"closeTime\":"u8);
        json.Integer(candle.CloseTime);
        WritePrices(ref json, candle);
        json.Raw(",\"trades\":"u8);
        if (candle.Trades < 0)
        {
            json.Raw("null"u8);
        }
        else
        {
            json.Integer(candle.Trades);
        }

        json.Raw(",\"firstId\":"u8);
        json.Integer(candle.FirstId);
        json.Raw(",\"lastId\":"u8);
        json.Integer(candle.LastId);
        json.Raw(",\"state\":\""u8);
        json.Raw(NameOf(candle.State));
        json.Raw("\",\"revision\":"u8);
        json.Integer(candle.Revision);
        json.Raw(candle.Complete ? ",\"complete\":true,\"updates\":"u8 : ",\"complete\":false,\"updates\":"u8);
        json.Integer(candle.Updates);
        json.Raw(",\"source\":\""u8);
        json.Raw(NameOf(candle.Source));
        json.Raw("\"}"u8);
        return json.Written;
    }

    private static void WritePrices(ref Utf8Writer json, in Candle candle)
    {
        json.Raw(",\"open\":\""u8);
        json.Decimal(candle.Open);
        json.Raw("\",\"high\":\""u8);
        json.Decimal(candle.High);
        json.Raw("\",\"low\":\""u8);
        json.Decimal(candle.Low);
        json.Raw("\",\"close\":\""u8);
        json.Decimal(candle.Close);
        json.Raw("\",\"volume\":\""u8);
        json.Decimal(candle.Volume);
        json.Raw("\",\"quoteVolume\":\""u8);
        json.Decimal(candle.QuoteVolume);
        json.Raw("\",\"takerBuyVolume\":"u8);
        WriteOrNull(ref json, candle.TakerBuyVolume);
    }

    /// <summary>Said only when it is so: without the display filter records do not grow.</summary>
    private static void WriteMinor(ref Utf8Writer json, bool minor)
    {
        if (minor)
        {
            json.Raw(",\"minor\":true"u8);
        }
    }

    /// <summary>The end of a record; an event time of 0 stands for none.</summary>
    private static void WriteTimes(ref Utf8Writer json, long eventTime, long receivedTime)
    {
        json.Raw(",\"eventTime\":"u8);
        WriteTimeOrNull(ref json, eventTime);
        json.Raw(",\"receivedTime\":"u8);
        json.Integer(receivedTime);
        json.Raw("}"u8);
    }

    private static void WriteTimeOrNull(ref Utf8Writer json, long time)
    {
        if (time == 0)
        {
            json.Raw("null"u8);
        }
        else
        {
            json.Integer(time);
        }
    }

    /// <summary>A decimal in quotes, or null.</summary>
    private static void WriteOrNull(ref Utf8Writer json, Number? value)
    {
        if (value is not { } number)
        {
            json.Raw("null"u8);
            return;
        }

        json.Raw("\""u8);
        json.Decimal(number);
        json.Raw("\""u8);
    }

    private static void WriteOrNull(ref Utf8Writer json, WideNumber? value)
    {
        if (value is not { } number)
        {
            json.Raw("null"u8);
            return;
        }

        json.Raw("\""u8);
        json.Decimal(number);
        json.Raw("\""u8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Room(int size)
    {
        if (_buffer.Length < size)
        {
            _buffer = GC.AllocateUninitializedArray<byte>(size);
        }

        return _buffer;
    }

    private static ReadOnlySpan<byte> NameOf(AggressorSide side) => side switch
    {
        AggressorSide.Buy => "buy"u8,
        AggressorSide.Sell => "sell"u8,
        _ => "unknown"u8,
    };

    private static ReadOnlySpan<byte> NameOf(TradeSource source) => source switch
    {
        TradeSource.Repair => "repair"u8,
        TradeSource.Replay => "replay"u8,
        _ => "live"u8,
    };

    private static ReadOnlySpan<byte> NameOf(CandleState state) => state switch
    {
        CandleState.Final => "final"u8,
        CandleState.Revised => "revised"u8,
        _ => "forming"u8,
    };

    private static ReadOnlySpan<byte> NameOf(CandleSource source) => source switch
    {
        CandleSource.Prices => "prices"u8,
        CandleSource.Mixed => "mixed"u8,
        CandleSource.Venue => "venue"u8,
        _ => "trades"u8,
    };
}
