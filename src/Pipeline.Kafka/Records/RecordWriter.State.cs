using System.Text;
using Pipeline.Core.Candles;
using Pipeline.Core.Market;
using Pipeline.Core.Sequencing;

namespace Pipeline.Kafka.Records;

internal sealed partial class RecordWriter
{
    private const int MaxState = 384 + (8 * Utf8Writer.MaxInteger) + Number.MaxLength;
    private const int MaxWindow = 384 + (8 * Utf8Writer.MaxInteger) + (4 * Number.MaxLength) + (3 * WideNumber.MaxLength);
    private const int MaxMarker = 192 + (8 * Utf8Writer.MaxInteger);

    /// <summary>Values of <c>md.state</c> under an instrument's key; see <see cref="StateRecord"/> for the offsets.</summary>
    public ReadOnlySpan<byte> Write(InstrumentState state, long? tradesOffset, long? pricesOffset)
    {
        var prefix = instruments.Of(state.Instrument).NameAndSymbol;
        var json = new Utf8Writer(Room(prefix.Length + SizeOf(state)));
        json.Raw(prefix);
        json.Raw(",\"tradesOffset\":"u8);
        WriteOrNull(ref json, tradesOffset);
        json.Raw(",\"pricesOffset\":"u8);
        WriteOrNull(ref json, pricesOffset);
        json.Raw(",\"trades\":"u8);
        if (state.Trades is { } trades)
        {
            WriteSeries(ref json, trades);
        }
        else
        {
            json.Raw("null"u8);
        }

        json.Raw(",\"candles\":"u8);
        if (state.Candles is { } candles)
        {
            WriteSeries(ref json, candles);
        }
        else
        {
            json.Raw("null"u8);
        }

        json.Raw("}"u8);
        return json.Written;
    }

    /// <summary>Values of <c>md.state</c> under the key of a marker.</summary>
    public ReadOnlySpan<byte> Write(CheckpointMarker marker)
    {
        var json = new Utf8Writer(Room(MaxMarker + (Encoding.UTF8.GetMaxByteCount(marker.LogId?.Length ?? 0) * Utf8Writer.MaxEscape)));
        Field(ref json, "{\"partition\":"u8, marker.Partition);
        json.Raw(",\"tradesOffset\":"u8);
        WriteOrNull(ref json, marker.TradesOffset);
        json.Raw(",\"pricesOffset\":"u8);
        WriteOrNull(ref json, marker.PricesOffset);
        json.Raw(",\"candlesOffset\":"u8);
        WriteOrNull(ref json, marker.CandlesOffset);
        json.Raw(",\"gapsOffset\":"u8);
        WriteOrNull(ref json, marker.GapsOffset);
        json.Raw(",\"logId\":"u8);
        if (marker.LogId is { } id)
        {
            json.Raw("\""u8);
            json.Escaped(id);
            json.Raw("\""u8);
        }
        else
        {
            json.Raw("null"u8);
        }

        Field(ref json, ",\"epoch\":"u8, marker.Epoch);
        Field(ref json, ",\"time\":"u8, marker.Time);
        json.Raw("}"u8);
        return json.Written;
    }

    private static int SizeOf(InstrumentState state)
    {
        var size = MaxState + ((state.Candles?.Windows.Count ?? 0) * MaxWindow);
        if (state.Trades is { } trades)
        {
            size += trades.RecentIds.Count * (Utf8Writer.MaxInteger + 1);
            for (var i = 0; i < trades.OpenGaps.Count; i++)
            {
                size += SizeOf(trades.OpenGaps[i]) + 3;
            }
        }

        return size;
    }

    private static void WriteSeries(ref Utf8Writer json, TradeSeriesState trades)
    {
        Field(ref json, "{\"frontier\":"u8, trades.Frontier);
        Field(ref json, ",\"frontierTime\":"u8, trades.FrontierTime);
        Field(ref json, ",\"series\":"u8, trades.Series);
        json.Raw(",\"openGaps\":["u8);
        for (var i = 0; i < trades.OpenGaps.Count; i++)
        {
            json.Raw(i == 0 ? "{"u8 : ",{"u8);
            WriteGap(ref json, trades.OpenGaps[i]);
            json.Raw("}"u8);
        }

        Field(ref json, "],\"silentGaps\":"u8, trades.SilentGaps);
        Flag(ref json, ",\"demoted\":"u8, trades.IsDemoted);
        json.Raw(",\"recentIds\":["u8);
        for (var i = 0; i < trades.RecentIds.Count; i++)
        {
            Field(ref json, i == 0 ? ""u8 : ","u8, trades.RecentIds[i]);
        }

        json.Raw("]}"u8);
    }

    private static void WriteSeries(ref Utf8Writer json, CandleSeriesState candles)
    {
        Flag(ref json, "{\"started\":"u8, candles.HasStarted);
        json.Raw(",\"lastClose\":"u8);
        WriteOrNull(ref json, candles.LastClose);
        json.Raw(",\"windows\":["u8);
        for (var i = 0; i < candles.Windows.Count; i++)
        {
            json.Raw(i == 0 ? "{"u8 : ",{"u8);
            WriteWindow(ref json, candles.Windows[i]);
            json.Raw("}"u8);
        }

        json.Raw("]}"u8);
    }

    private static void WriteWindow(ref Utf8Writer json, CandleWindowState window)
    {
        json.Raw("\"interval\":\""u8);
        json.Raw(IntervalNames.Utf8(window.Interval));
        Field(ref json, "\",\"openTime\":"u8, window.OpenTime);
        Flag(ref json, ",\"any\":"u8, window.HasAny);
        json.Raw(",\"open\":\""u8);
        json.Decimal(window.Open);
        json.Raw("\",\"high\":\""u8);
        json.Decimal(window.High);
        json.Raw("\",\"low\":\""u8);
        json.Decimal(window.Low);
        json.Raw("\",\"close\":\""u8);
        json.Decimal(window.Close);
        json.Raw("\",\"volume\":\""u8);
        json.Decimal(window.Volume);
        json.Raw("\",\"quoteVolume\":\""u8);
        json.Decimal(window.QuoteVolume);
        json.Raw("\",\"takerBuyVolume\":\""u8);
        json.Decimal(window.TakerBuyVolume);
        Field(ref json, "\",\"trades\":"u8, window.Trades);
        Field(ref json, ",\"firstId\":"u8, window.FirstId);
        Field(ref json, ",\"lastId\":"u8, window.LastId);
        Flag(ref json, ",\"overflowed\":"u8, window.Overflowed);
        Flag(ref json, ",\"closed\":"u8, window.IsClosed);
        Flag(ref json, ",\"published\":"u8, window.IsPublished);
        Field(ref json, ",\"revision\":"u8, window.Revision);
        Flag(ref json, ",\"complete\":"u8, window.IsComplete);
        Field(ref json, ",\"updates\":"u8, window.Updates);
        json.Raw(",\"source\":\""u8);
        json.Raw(NameOf(window.Source));
        json.Raw("\""u8);
    }
}
