using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Pipeline.Kafka.Records;

/// <summary>
/// The records as Protobuf: the same content as the JSON ones, by the <c>.proto</c> files beside the JSON Schemas. Made from the JSON and
/// turned back into it, so that there is one text of a record and one reader of it, and nothing can be in one form and not in the other.
/// Safe from any thread.
/// </summary>
public static class ProtobufRecords
{
    /// <summary>Value of the header <c>content-type</c>; records without that header are JSON.</summary>
    public const string ContentType = "application/x-protobuf";

    private const string RangeName = "Range";
    private const string LevelName = "Level";
    private const string MaybeName = "MaybeDecimal";

    private static readonly Dictionary<string, MessageDescriptor> Messages = new(StringComparer.Ordinal)
    {
        [RecordSchema.Trade] = Proto.TradeV1.Trade.Descriptor,
        [RecordSchema.Quote] = Proto.QuoteV1.Quote.Descriptor,
        [RecordSchema.Book] = Proto.BookV1.Book.Descriptor,
        [RecordSchema.Ticker] = Proto.TickerV1.Ticker.Descriptor,
        [RecordSchema.MarkPrice] = Proto.MarkV1.Mark.Descriptor,
        [RecordSchema.Funding] = Proto.FundingV1.Funding.Descriptor,
        [RecordSchema.Liquidation] = Proto.LiquidationV1.Liquidation.Descriptor,
        [RecordSchema.Price] = Proto.PriceV1.Price.Descriptor,
        [RecordSchema.Candle] = Proto.CandleV1.Candle.Descriptor,
        [RecordSchema.Health] = Proto.HealthV1.Health.Descriptor,
        [RecordSchema.Instrument] = Proto.InstrumentV1.Instrument.Descriptor,
        [RecordSchema.Status] = Proto.StatusV1.Status.Descriptor,
        [RecordSchema.DeadLetter] = Proto.DeadLetterV1.DeadLetter.Descriptor,
        [RecordSchema.Gap] = Proto.GapV1.Gap.Descriptor,
        [RecordSchema.State] = Proto.StateV1.State.Descriptor,
        [RecordSchema.Marker] = Proto.MarkerV1.Marker.Descriptor,
        [RecordSchema.Owner] = Proto.OwnerV1.Owner.Descriptor,
        [RecordSchema.Log] = Proto.LogV1.Log.Descriptor,
        [RecordSchema.Audit] = Proto.AuditV1.Audit.Descriptor,
    };

    // What the JSON leaves out instead of saying null.
    private static readonly HashSet<string> LeftOut = new(StringComparer.Ordinal)
    {
        "pipeline.trade.v1.Trade.first_id", "pipeline.trade.v1.Trade.fills", "pipeline.quote.v1.Quote.minor", "pipeline.book.v1.Book.minor",
    };

    /// <summary>Whether records of the shape have a Protobuf form.</summary>
    public static bool Has(string schema) => Messages.ContainsKey(schema);

    /// <param name="schema">One of <see cref="RecordSchema"/>.</param>
    /// <exception cref="RecordFormatException">The value is no such record.</exception>
    public static byte[] Encode(string schema, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        using var document = JsonDocument.ParseValue(ref reader);
        return Encode(document.RootElement, MessageOf(schema));
    }

    /// <summary>The record as JSON, its properties in the order of the JSON records.</summary>
    /// <exception cref="RecordFormatException">The value is no such record.</exception>
    public static byte[] Decode(string schema, ReadOnlySpan<byte> value)
    {
        try
        {
            var message = MessageOf(schema).Parser.ParseFrom(value);
            var buffer = new ArrayBufferWriter<byte>(4 * value.Length);
            using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            {
                Write(json, message);
            }

            return buffer.WrittenSpan.ToArray();
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new RecordFormatException($"{schema}: no Protobuf: {exception.Message}", exception);
        }
    }

    private static MessageDescriptor MessageOf(string schema) => Messages.TryGetValue(schema, out var message)
        ? message
        : throw new RecordFormatException($"{schema}: there is no Protobuf form of it.");

    private static byte[] Encode(JsonElement json, MessageDescriptor message)
    {
        using var bytes = new MemoryStream();
        using var output = new CodedOutputStream(bytes);
        switch (message.Name)
        {
            case RangeName:
            case LevelName:
                WriteField(output, message.Fields[1], json[0]);
                WriteField(output, message.Fields[2], json[1]);
                break;
            case MaybeName:
                WriteField(output, message.Fields[1], json);
                break;
            default:
                WriteFields(output, message, json);
                break;
        }

        output.Flush();
        return bytes.ToArray();
    }

    private static void WriteFields(CodedOutputStream output, MessageDescriptor message, JsonElement json)
    {
        var known = 0;
        foreach (var field in message.Fields.InFieldNumberOrder())
        {
            if (json.TryGetProperty(field.JsonName, out var value))
            {
                known++;
                WriteField(output, field, value);
            }
        }

        if (known != json.EnumerateObject().Count())
        {
            throw new RecordFormatException($"{message.FullName}: the JSON record has properties that the message has not.");
        }
    }

    private static void WriteField(CodedOutputStream output, FieldDescriptor field, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return;
        }

        if (!field.IsRepeated)
        {
            WriteValue(output, field, value);
            return;
        }

        foreach (var item in value.EnumerateArray())
        {
            WriteValue(output, field, item);
        }
    }

    private static void WriteValue(CodedOutputStream output, FieldDescriptor field, JsonElement value)
    {
        switch (field.FieldType)
        {
            case FieldType.String:
                output.WriteTag(field.FieldNumber, WireFormat.WireType.LengthDelimited);
                output.WriteString(value.GetString()!);
                break;
            case FieldType.Int64:
                output.WriteTag(field.FieldNumber, WireFormat.WireType.Varint);
                output.WriteInt64(value.GetInt64());
                break;
            case FieldType.Bool:
                output.WriteTag(field.FieldNumber, WireFormat.WireType.Varint);
                output.WriteBool(value.GetBoolean());
                break;
            default:
                output.WriteTag(field.FieldNumber, WireFormat.WireType.LengthDelimited);
                output.WriteBytes(ByteString.CopyFrom(Encode(value, field.MessageType)));
                break;
        }
    }

    private static void Write(Utf8JsonWriter json, IMessage message)
    {
        var descriptor = message.Descriptor;
        switch (descriptor.Name)
        {
            case RangeName:
            case LevelName:
                json.WriteStartArray();
                WriteJson(json, descriptor.Fields[1], message);
                WriteJson(json, descriptor.Fields[2], message);
                json.WriteEndArray();
                return;
            case MaybeName:
                WriteJson(json, descriptor.Fields[1], message);
                return;
        }

        json.WriteStartObject();
        foreach (var field in descriptor.Fields.InFieldNumberOrder())
        {
            if (!LeftOut.Contains(field.FullName) || field.Accessor.HasValue(message))
            {
                json.WritePropertyName(field.JsonName);
                WriteJson(json, field, message);
            }
        }

        json.WriteEndObject();
    }

    private static void WriteJson(Utf8JsonWriter json, FieldDescriptor field, IMessage message)
    {
        if (field.IsRepeated)
        {
            json.WriteStartArray();
            foreach (var item in (System.Collections.IEnumerable)field.Accessor.GetValue(message))
            {
                WriteJson(json, item);
            }

            json.WriteEndArray();
        }
        else if (field.HasPresence && !field.Accessor.HasValue(message))
        {
            json.WriteNullValue();
        }
        else
        {
            WriteJson(json, field.Accessor.GetValue(message));
        }
    }

    private static void WriteJson(Utf8JsonWriter json, object value)
    {
        switch (value)
        {
            case string text:
                json.WriteStringValue(text);
                break;
            case long integer:
                json.WriteNumberValue(integer);
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            default:
                Write(json, (IMessage)value);
                break;
        }
    }
}
