using System.Text.Json;
using Pipeline.Core.Market;

namespace Pipeline.Kafka.Verification;

/// <summary>Reads values of <c>md.trades</c>, whatever the order of their properties; it shares no code with the writer.</summary>
internal static class TradeRowReader
{
    private const int Id = 1;
    private const int FirstId = 2;
    private const int Price = 4;
    private const int Quantity = 8;
    private const int Side = 16;
    private const int EventTime = 32;
    private const int Source = 64;
    private const int Venue = 128;
    private const int Instrument = 256;
    private const int Fills = 512;
    private const int Required = Id | Price | Quantity | Side | EventTime | Source | Venue | Instrument;

    private static readonly string[] Sides = ["buy", "sell", "unknown"];
    private static readonly AggressorSide[] SideValues = [AggressorSide.Buy, AggressorSide.Sell, AggressorSide.Unknown];
    private static readonly string[] Sources = ["live", "repair", "replay"];
    private static readonly TradeSource[] SourceValues = [TradeSource.Live, TradeSource.Repair, TradeSource.Replay];

    /// <summary>Null, or why the value is no trade of this instrument.</summary>
    public static string? Read(ReadOnlySpan<byte> value, ReadOnlySpan<byte> venue, ReadOnlySpan<byte> instrument, out TradeRow row)
    {
        row = default;
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

    private static string? Read(ref Utf8JsonReader json, ReadOnlySpan<byte> venue, ReadOnlySpan<byte> instrument, out TradeRow row)
    {
        row = default;
        var seen = 0;
        long id = 0, firstId = 0, fills = -1, time = 0;
        Number price = default, quantity = default;
        int side = 0, source = 0;
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            return "is no object";
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var property = PropertyOf(ref json);
            if ((seen & property) != 0)
            {
                return "says a property twice";
            }

            json.Read();
            var isRight = property switch
            {
                Id => RowJson.TryInteger(ref json, out id) && id >= 0,
                FirstId => RowJson.TryInteger(ref json, out firstId),
                Fills => RowJson.TryInteger(ref json, out fills) && fills is > 0 and <= int.MaxValue,
                EventTime => RowJson.TryInteger(ref json, out time) && time > 0,
                Price => RowJson.TryNumber(ref json, out price),
                Quantity => RowJson.TryNumber(ref json, out quantity),
                Side => (side = RowJson.IndexOf(ref json, Sides)) >= 0,
                Source => (source = RowJson.IndexOf(ref json, Sources)) >= 0,
                Venue => json.TokenType == JsonTokenType.String && json.ValueTextEquals(venue),
                Instrument => json.TokenType == JsonTokenType.String && json.ValueTextEquals(instrument),
                _ => json.TrySkip(),
            };
            if (!isRight)
            {
                return $"has a wrong {NameOf(property)}";
            }

            seen |= property;
        }

        if ((seen & Required) != Required)
        {
            return $"has no {NameOf(LowestOf(Required & ~seen))}";
        }

        if ((seen & FirstId) == 0)
        {
            firstId = id;
        }

        if (firstId > id || firstId < 0 || json.Read())
        {
            return firstId > id || firstId < 0 ? $"has a firstId {firstId} above its id" : "goes on behind its object";
        }

        row = new TradeRow(firstId, id, price, quantity, SideValues[side], (int)fills, time, SourceValues[source]);
        return null;
    }

    private static int PropertyOf(ref Utf8JsonReader json) => json.ValueSpan.Length switch
    {
        2 when json.ValueTextEquals("id"u8) => Id,
        4 when json.ValueTextEquals("side"u8) => Side,
        5 when json.ValueTextEquals("price"u8) => Price,
        5 when json.ValueTextEquals("venue"u8) => Venue,
        5 when json.ValueTextEquals("fills"u8) => Fills,
        6 when json.ValueTextEquals("source"u8) => Source,
        7 when json.ValueTextEquals("firstId"u8) => FirstId,
        8 when json.ValueTextEquals("quantity"u8) => Quantity,
        9 when json.ValueTextEquals("eventTime"u8) => EventTime,
        10 when json.ValueTextEquals("instrument"u8) => Instrument,
        _ => 0,
    };

    private static int LowestOf(int bits) => bits & -bits;

    private static string NameOf(int property) => property switch
    {
        Id => "id",
        FirstId => "firstId",
        Price => "price",
        Quantity => "quantity",
        Side => "side",
        EventTime => "eventTime",
        Source => "source",
        Venue => "venue",
        Instrument => "instrument",
        Fills => "fills",
        _ => "property",
    };
}
