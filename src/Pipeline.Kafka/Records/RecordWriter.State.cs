using System.Text;
using Pipeline.Core.Market;
using Pipeline.Core.Sequencing;

namespace Pipeline.Kafka.Records;

internal sealed partial class RecordWriter
{
    private const int MaxState = 512 + (17 * Utf8Writer.MaxInteger) + Number.MaxLength;
    private const int MaxCandleInterval = 224 + (7 * Utf8Writer.MaxInteger) + Number.MaxLength;
    private const int MaxCandleGap = 256 + (7 * Utf8Writer.MaxInteger) + Number.MaxLength;
    private const int MaxGapInterval = 8 + (3 * Utf8Writer.MaxInteger) + Number.MaxLength;
    private const int MaxWindow = 512 + (8 * Utf8Writer.MaxInteger) + (4 * Number.MaxLength) + (3 * WideNumber.MaxLength);
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
        var size = MaxState + (((state.Candles?.Windows.Count ?? 0) + 1) * MaxWindow);
        foreach (var gap in state.Candles?.Gaps ?? [])
        {
            size += MaxCandleGap + (gap.Next.Count * MaxGapInterval);
        }

        size += (state.Candles?.Intervals.Count ?? 0) * MaxCandleInterval;
        if (state.Trades is { } trades)
        {
            size += trades.RecentIds.Count * (Utf8Writer.MaxInteger + 1);
            size += SizeOf(trades.OpenGaps) + SizeOf(trades.SilentHoles);
        }

        return size;
    }

    private static int SizeOf(IReadOnlyList<Gap> gaps)
    {
        var size = 0;
        for (var i = 0; i < gaps.Count; i++)
        {
            size += SizeOf(gaps[i]) + 3;
        }

        return size;
    }

    private static void WriteGaps(ref Utf8Writer json, ReadOnlySpan<byte> name, IReadOnlyList<Gap> gaps)
    {
        json.Raw(name);
        for (var i = 0; i < gaps.Count; i++)
        {
            json.Raw(i == 0 ? "{"u8 : ",{"u8);
            WriteGap(ref json, gaps[i]);
            json.Raw("}"u8);
        }

        json.Raw("]"u8);
    }

    private static void WriteSeries(ref Utf8Writer json, TradeSeriesState trades)
    {
        Field(ref json, "{\"frontier\":"u8, trades.Frontier);
        Field(ref json, ",\"frontierTime\":"u8, trades.FrontierTime);
        Field(ref json, ",\"series\":"u8, trades.Series);
        WriteGaps(ref json, ",\"openGaps\":["u8, trades.OpenGaps);
        WriteGaps(ref json, ",\"silentHoles\":["u8, trades.SilentHoles);
        Field(ref json, ",\"silentGaps\":"u8, trades.SilentGaps);
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
        Flag(ref json, ",\"priced\":"u8, candles.IsPriced);
        Field(ref json, ",\"lastId\":"u8, candles.LastId);
        Field(ref json, ",\"lastTime\":"u8, candles.LastTime);
        Field(ref json, ",\"closedTime\":"u8, candles.ClosedTime);
        Field(ref json, ",\"lostUntil\":"u8, candles.LostUntil);
        Field(ref json, ",\"mendedTo\":"u8, candles.MendedTo);
        Field(ref json, ",\"completedUntil\":"u8, candles.CompletedUntil);
        json.Raw(",\"start\":"u8);
        if (candles.Start is { } start)
        {
            Field(ref json, "{\"time\":"u8, start.Time);
            json.Raw(",\"minute\":{"u8);
            WriteWindow(ref json, start.Minute);
            json.Raw("}}"u8);
        }
        else
        {
            json.Raw("null"u8);
        }

        json.Raw(",\"intervals\":["u8);
        for (var i = 0; i < candles.Intervals.Count; i++)
        {
            json.Raw(i == 0 ? ""u8 : ","u8);
            WriteInterval(ref json, candles.Intervals[i]);
        }

        json.Raw("],\"windows\":["u8);
        for (var i = 0; i < candles.Windows.Count; i++)
        {
            json.Raw(i == 0 ? "{"u8 : ",{"u8);
            WriteWindow(ref json, candles.Windows[i]);
            json.Raw("}"u8);
        }

        json.Raw("],\"gaps\":["u8);
        for (var i = 0; i < candles.Gaps.Count; i++)
        {
            json.Raw(i == 0 ? ""u8 : ","u8);
            WriteGap(ref json, candles.Gaps[i]);
        }

        json.Raw("]}"u8);
    }

    private static void WriteInterval(ref Utf8Writer json, CandleIntervalState interval)
    {
        json.Raw("{\"interval\":\""u8);
        json.Raw(IntervalNames.Utf8(interval.Interval));
        json.Raw("\",\"finer\":"u8);
        if (interval.Finer is { } finer)
        {
            json.Raw("\""u8);
            json.Raw(IntervalNames.Utf8(finer));
            json.Raw("\""u8);
        }
        else
        {
            json.Raw("null"u8);
        }

        Field(ref json, ",\"seenFrom\":"u8, interval.SeenFrom);
        Field(ref json, ",\"closedUntil\":"u8, interval.ClosedUntil);
        Field(ref json, ",\"carriedFrom\":"u8, interval.CarriedFrom);
        Field(ref json, ",\"evictedUntil\":"u8, interval.EvictedUntil);
        Field(ref json, ",\"carryNext\":"u8, interval.CarryNext);
        Field(ref json, ",\"carryEnd\":"u8, interval.CarryEnd);
        json.Raw(",\"carryPrice\":\""u8);
        json.Decimal(interval.CarryPrice);
        Field(ref json, "\",\"seededUntil\":"u8, interval.SeededUntil);
        json.Raw("}"u8);
    }

    private static void WriteGap(ref Utf8Writer json, CandleGapState gap)
    {
        Field(ref json, "{\"fromId\":"u8, gap.FromId);
        Field(ref json, ",\"toId\":"u8, gap.ToId);
        Field(ref json, ",\"foundFrom\":"u8, gap.FoundFrom);
        Field(ref json, ",\"from\":"u8, gap.From);
        Field(ref json, ",\"to\":"u8, gap.To);
        Field(ref json, ",\"nextId\":"u8, gap.NextId);
        Flag(ref json, ",\"skipped\":"u8, gap.HasSkipped);
        json.Raw(",\"priceBefore\":"u8);
        WriteOrNull(ref json, gap.PriceBefore);
        Field(ref json, ",\"silentUntil\":"u8, gap.SilentUntil);
        Flag(ref json, ",\"reopened\":"u8, gap.IsReopened);
        WriteIntegers(ref json, ",\"next\":["u8, gap.Next);
        WriteIntegers(ref json, ",\"carriedFrom\":["u8, gap.CarriedFrom);
        WriteIntegers(ref json, ",\"carriedUntil\":["u8, gap.CarriedUntil);
        json.Raw(",\"close\":["u8);
        for (var i = 0; i < gap.Close.Count; i++)
        {
            json.Raw(i == 0 ? ""u8 : ","u8);
            WriteOrNull(ref json, gap.Close[i]);
        }

        json.Raw("]}"u8);
    }

    private static void WriteIntegers(ref Utf8Writer json, ReadOnlySpan<byte> name, IReadOnlyList<long> values)
    {
        json.Raw(name);
        for (var i = 0; i < values.Count; i++)
        {
            Field(ref json, i == 0 ? ""u8 : ","u8, values[i]);
        }

        json.Raw("]"u8);
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
        Flag(ref json, ",\"countUnknown\":"u8, window.IsCountUnknown);
        Field(ref json, ",\"firstId\":"u8, window.FirstId);
        Field(ref json, ",\"lastId\":"u8, window.LastId);
        Flag(ref json, ",\"overflowed\":"u8, window.Overflowed);
        Flag(ref json, ",\"closed\":"u8, window.IsClosed);
        Flag(ref json, ",\"published\":"u8, window.IsPublished);
        Field(ref json, ",\"revision\":"u8, window.Revision);
        Flag(ref json, ",\"complete\":"u8, window.IsComplete);
        Flag(ref json, ",\"doubted\":"u8, window.IsDoubted);
        Flag(ref json, ",\"wasComplete\":"u8, window.WasComplete);
        Flag(ref json, ",\"dirty\":"u8, window.IsDirty);
        Flag(ref json, ",\"repair\":"u8, window.IsRepair);
        Flag(ref json, ",\"sideUnknown\":"u8, window.IsSideUnknown);
        Field(ref json, ",\"updates\":"u8, window.Updates);
        json.Raw(",\"source\":\""u8);
        json.Raw(NameOf(window.Source));
        json.Raw("\""u8);
    }
}
