using System.Text.Json;
using Pipeline.Core.Market;
using Pipeline.History;

namespace Pipeline.Gateway.History;

/// <summary>
/// A record of <c>md.candles</c> as slices of its own bytes: what goes to clients is the text of the record, digit by digit. Properties may
/// come in any order, and unknown ones are passed over.
/// </summary>
internal readonly ref struct CandleText
{
    private CandleText(ReadOnlySpan<byte> open, ReadOnlySpan<byte> high, ReadOnlySpan<byte> low, ReadOnlySpan<byte> close, ReadOnlySpan<byte> volume)
    {
        Open = open;
        High = high;
        Low = low;
        Close = close;
        Volume = volume;
    }

    public ReadOnlySpan<byte> Open { get; }

    public ReadOnlySpan<byte> High { get; }

    public ReadOnlySpan<byte> Low { get; }

    public ReadOnlySpan<byte> Close { get; }

    public ReadOnlySpan<byte> Volume { get; }

    public ReadOnlySpan<byte> QuoteVolume { get; private init; }

    /// <summary>Empty where the venue does not say.</summary>
    public ReadOnlySpan<byte> TakerBuyVolume { get; private init; }

    public ReadOnlySpan<byte> Venue { get; private init; }

    public ReadOnlySpan<byte> Instrument { get; private init; }

    public ReadOnlySpan<byte> Interval { get; private init; }

    public long OpenTime { get; private init; }

    public long Trades { get; private init; }

    public long FirstId { get; private init; }

    public long LastId { get; private init; }

    public CandleState State { get; private init; }

    public int Revision { get; private init; }

    public bool Complete { get; private init; }

    public int Updates { get; private init; }

    public CandleSource Source { get; private init; }

    /// <summary>False when the value is no candle, or a number in it is not one that JSON knows.</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, out CandleText candle)
    {
        candle = default;
        try
        {
            var json = new Utf8JsonReader(value);
            return json.Read() && json.TokenType == JsonTokenType.StartObject && TryRead(ref json, out candle);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    /// <summary>As the history keeps it; false when a number has more digits than any of ours.</summary>
    public bool TryToHistory(out HistoryCandle candle)
    {
        candle = default;
        if (!Number.TryParse(Open, out var open) || !Number.TryParse(High, out var high) || !Number.TryParse(Low, out var low)
            || !Number.TryParse(Close, out var close) || !WideNumber.TryParse(Volume, out var volume) || !WideNumber.TryParse(QuoteVolume, out var quoteVolume))
        {
            return false;
        }

        WideNumber taker = default;
        if (!TakerBuyVolume.IsEmpty && !WideNumber.TryParse(TakerBuyVolume, out taker))
        {
            return false;
        }

        candle = new HistoryCandle(
            OpenTime, open, high, low, close, volume, quoteVolume, TakerBuyVolume.IsEmpty ? null : taker,
            Trades, FirstId, LastId, State, Revision, Complete, Updates, Source);
        return true;
    }

    private static bool TryRead(scoped ref Utf8JsonReader json, out CandleText candle)
    {
        ReadOnlySpan<byte> open = default, high = default, low = default, close = default, volume = default, quote = default, taker = default;
        ReadOnlySpan<byte> venue = default, instrument = default, interval = default, state = default, source = default;
        long openTime = -1, trades = -1, firstId = -1, lastId = -1, revision = 0, updates = 0;
        var complete = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.ValueSpan;
            json.Read();
            switch (name.Length)
            {
                case 3 when name.SequenceEqual("low"u8): low = json.ValueSpan; break;
                case 4 when name.SequenceEqual("open"u8): open = json.ValueSpan; break;
                case 4 when name.SequenceEqual("high"u8): high = json.ValueSpan; break;
                case 5 when name.SequenceEqual("close"u8): close = json.ValueSpan; break;
                case 5 when name.SequenceEqual("venue"u8): venue = Name(ref json); break;
                case 5 when name.SequenceEqual("state"u8): state = json.ValueSpan; break;
                case 6 when name.SequenceEqual("volume"u8): volume = json.ValueSpan; break;
                case 6 when name.SequenceEqual("trades"u8): trades = json.TokenType == JsonTokenType.Null ? -1 : json.GetInt64(); break;
                case 6 when name.SequenceEqual("lastId"u8): lastId = json.GetInt64(); break;
                case 6 when name.SequenceEqual("source"u8): source = json.ValueSpan; break;
                case 7 when name.SequenceEqual("firstId"u8): firstId = json.GetInt64(); break;
                case 7 when name.SequenceEqual("updates"u8): updates = json.GetInt64(); break;
                case 8 when name.SequenceEqual("openTime"u8): openTime = json.GetInt64(); break;
                case 8 when name.SequenceEqual("interval"u8): interval = json.ValueSpan; break;
                case 8 when name.SequenceEqual("revision"u8): revision = json.GetInt64(); break;
                case 8 when name.SequenceEqual("complete"u8): complete = json.GetBoolean(); break;
                case 10 when name.SequenceEqual("instrument"u8): instrument = Name(ref json); break;
                case 11 when name.SequenceEqual("quoteVolume"u8): quote = json.ValueSpan; break;
                case 14 when name.SequenceEqual("takerBuyVolume"u8): taker = json.TokenType == JsonTokenType.Null ? default : json.ValueSpan; break;
                default: json.Skip(); break;
            }
        }

        candle = new CandleText(open, high, low, close, volume)
        {
            QuoteVolume = quote,
            TakerBuyVolume = taker,
            Venue = venue,
            Instrument = instrument,
            Interval = interval,
            OpenTime = openTime,
            Trades = trades,
            FirstId = firstId,
            LastId = lastId,
            Complete = complete,
            Revision = (int)revision,
            Updates = (int)updates,
            State = StateOf(state),
            Source = SourceOf(source),
        };
        return openTime >= 0 && !venue.IsEmpty && !instrument.IsEmpty && revision is >= 0 and <= int.MaxValue && updates is >= 0 and <= int.MaxValue
            && IsNumber(open) && IsNumber(high) && IsNumber(low) && IsNumber(close) && IsNumber(volume) && IsNumber(quote)
            && (taker.IsEmpty || IsNumber(taker));
    }

    /// <summary>A name without what JSON escapes: none of ours has such a character.</summary>
    private static ReadOnlySpan<byte> Name(scoped ref Utf8JsonReader json) => json.ValueIsEscaped ? throw new FormatException() : json.ValueSpan;

    private static CandleState StateOf(ReadOnlySpan<byte> text) =>
        text.SequenceEqual("forming"u8) ? CandleState.Forming
        : text.SequenceEqual("final"u8) ? CandleState.Final
        : text.SequenceEqual("revised"u8) ? CandleState.Revised
        : throw new FormatException();

    private static CandleSource SourceOf(ReadOnlySpan<byte> text) =>
        text.SequenceEqual("trades"u8) ? CandleSource.Trades
        : text.SequenceEqual("prices"u8) ? CandleSource.Prices
        : text.SequenceEqual("mixed"u8) ? CandleSource.Mixed
        : text.SequenceEqual("venue"u8) ? CandleSource.Venue
        : throw new FormatException();

    /// <summary>Whether the text can stand in JSON as it is: a minus, digits without a leading zero, a point with digits behind.</summary>
    private static bool IsNumber(ReadOnlySpan<byte> text)
    {
        var digits = text.Length > 0 && text[0] == (byte)'-' ? text[1..] : text;
        var point = digits.IndexOf((byte)'.');
        var whole = point < 0 ? digits : digits[..point];
        var fraction = point < 0 ? "0"u8 : digits[(point + 1)..];
        return whole.Length > 0 && fraction.Length > 0 && text.Length <= WideNumber.MaxLength
            && (whole.Length == 1 || whole[0] != (byte)'0')
            && !whole.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && !fraction.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }
}
