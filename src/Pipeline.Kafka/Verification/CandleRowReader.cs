using System.Text.Json;
using Pipeline.Core.Market;
using Pipeline.Kafka.Records;

namespace Pipeline.Kafka.Verification;

/// <summary>Reads values of <c>md.candles</c>, whatever the order of their properties; it shares no code with the writer.</summary>
internal static class CandleRowReader
{
    private static readonly string[] Properties =
    [
        "venue", "instrument", "interval", "openTime", "closeTime", "open", "high", "low", "close", "volume", "quoteVolume", "takerBuyVolume",
        "trades", "firstId", "lastId", "state", "revision", "complete", "source",
    ];

    private static readonly byte[][] PropertiesUtf8 = [.. Properties.Select(System.Text.Encoding.UTF8.GetBytes)];
    private static readonly string[] States = ["forming", "final", "revised"];
    private static readonly string[] Sources = ["trades", "prices", "mixed", "venue"];

    /// <summary>Null, or why the value is no candle of this instrument.</summary>
    public static string? Read(ReadOnlySpan<byte> value, ReadOnlySpan<byte> venue, ReadOnlySpan<byte> instrument, out CandleRow? row)
    {
        row = null;
        try
        {
            var json = new Utf8JsonReader(value);
            return Read(ref json, venue, instrument, out row);
        }
        catch (JsonException error)
        {
            return $"is no JSON at byte {error.BytePositionInLine}";
        }
    }

    private static string? Read(ref Utf8JsonReader json, ReadOnlySpan<byte> venue, ReadOnlySpan<byte> instrument, out CandleRow? row)
    {
        row = null;
        var seen = 0;
        CandleInterval? interval = null;
        long openTime = 0, closeTime = 0, trades = 0, firstId = 0, lastId = 0, revision = 0;
        Number open = default, high = default, low = default, close = default;
        WideNumber volume = default, quoteVolume = default, takerBuy = default;
        int state = 0, source = 0;
        bool complete = false, hasTakerBuy = false;
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            return "is no object";
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var property = PropertyOf(ref json);
            json.Read();
            var isRight = property switch
            {
                0 => json.TokenType == JsonTokenType.String && json.ValueTextEquals(venue),
                1 => json.TokenType == JsonTokenType.String && json.ValueTextEquals(instrument),
                2 => (interval = IntervalOf(ref json)) is not null,
                3 => RowJson.TryInteger(ref json, out openTime),
                4 => RowJson.TryInteger(ref json, out closeTime),
                5 => RowJson.TryNumber(ref json, out open),
                6 => RowJson.TryNumber(ref json, out high),
                7 => RowJson.TryNumber(ref json, out low),
                8 => RowJson.TryNumber(ref json, out close),
                9 => RowJson.TryWide(ref json, out volume),
                10 => RowJson.TryWide(ref json, out quoteVolume),
                11 => !(hasTakerBuy = json.TokenType != JsonTokenType.Null) || RowJson.TryWide(ref json, out takerBuy),
                12 => RowJson.TryIntegerOrNull(ref json, out trades),
                13 => RowJson.TryInteger(ref json, out firstId),
                14 => RowJson.TryInteger(ref json, out lastId),
                15 => (state = RowJson.IndexOf(ref json, States)) >= 0,
                16 => RowJson.TryInteger(ref json, out revision) && revision is >= 0 and <= int.MaxValue,
                17 => RowJson.TryBoolean(ref json, out complete),
                18 => (source = RowJson.IndexOf(ref json, Sources)) >= 0,
                _ => json.TrySkip(),
            };
            if (!isRight)
            {
                return $"has a wrong {(property < 0 ? "property" : Properties[property])}";
            }

            seen |= property < 0 ? 0 : 1 << property;
        }

        var missing = ((1 << Properties.Length) - 1) & ~seen;
        if (missing != 0)
        {
            return $"has no {Properties[System.Numerics.BitOperations.TrailingZeroCount(missing)]}";
        }

        if (interval!.OpenOf(openTime) != openTime || closeTime != openTime + interval.Microseconds)
        {
            return $"is of {openTime} to {closeTime}, which is no window of {interval}";
        }

        row = new CandleRow(
            interval, openTime, closeTime, open, high, low, close, volume, quoteVolume, hasTakerBuy ? takerBuy : null,
            trades, firstId, lastId, (CandleState)state, (int)revision, complete, (CandleSource)source);
        return null;
    }

    private static int PropertyOf(ref Utf8JsonReader json)
    {
        for (var i = 0; i < PropertiesUtf8.Length; i++)
        {
            if (json.ValueTextEquals(PropertiesUtf8[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private static CandleInterval? IntervalOf(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.String)
        {
            foreach (var interval in CandleInterval.All)
            {
                if (json.ValueTextEquals(IntervalNames.Utf8(interval)))
                {
                    return interval;
                }
            }
        }

        return null;
    }
}
