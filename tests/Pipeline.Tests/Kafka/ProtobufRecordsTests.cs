using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Kafka.Records;

namespace Pipeline.Tests.Kafka;

/// <summary>The Protobuf form has what the JSON form has, of every shape, and nothing else.</summary>
public sealed class ProtobufRecordsTests
{
    private const int Samples = 200;

    public static TheoryData<string> Schemas => [.. RecordSchema.All];

    [Theory]
    [MemberData(nameof(Schemas))]
    public void Encode_AnyRecordOfTheShape_ComesBackEqual(string schema)
    {
        var shape = JsonNode.Parse(RecordSchema.Read(schema))!.AsObject();
        var random = new Random(schema.Length);
        var (json, proto) = (0L, 0L);
        for (var i = 0; i < Samples; i++)
        {
            var record = Make(shape, shape, random)!.ToJsonString();
            var value = ProtobufRecords.Encode(schema, Encoding.UTF8.GetBytes(record));
            var back = Encoding.UTF8.GetString(ProtobufRecords.Decode(schema, value));
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(record), JsonNode.Parse(back)), $"{record}\n{back}");
            (json, proto) = (json + record.Length, proto + value.Length);
        }

        Assert.True(proto < json, $"{schema}: {proto} bytes are not less than {json}");
    }

    [Fact]
    public void Encode_WhatIsWritten_ComesBackAsTheSameText()
    {
        var writer = new RecordWriter(new InstrumentTexts());
        AssertSame(RecordSchema.Trade, writer.Write(MarketSamples.Trade()));
        AssertSame(RecordSchema.Quote, writer.Write(MarketSamples.Quote()));
        AssertSame(RecordSchema.Candle, writer.Write(MarketSamples.Candle()));
        AssertSame(RecordSchema.Book, writer.Write(MarketSamples.Book(), MarketSamples.Levels));
        AssertSame(RecordSchema.Price, writer.Write(MarketSamples.PriceTick(), "5Vf"u8));
        AssertSame(RecordSchema.Gap, writer.Write(StateSamples.Gap(), 4711));
    }

    [Fact]
    public void Decode_NoSuchRecord_IsRefused()
    {
        Assert.Throws<RecordFormatException>(() => ProtobufRecords.Decode(RecordSchema.Trade, [0xff, 0xff]));
        Assert.Throws<RecordFormatException>(() => ProtobufRecords.Decode("hole/1", []));
        Assert.Throws<RecordFormatException>(() => ProtobufRecords.Encode(RecordSchema.Log, "{\"id\":\"a\",\"time\":1,\"more\":2}"u8));
    }

    private static void AssertSame(string schema, ReadOnlySpan<byte> json)
    {
        var text = Encoding.UTF8.GetString(json);
        Assert.Equal(text, Encoding.UTF8.GetString(ProtobufRecords.Decode(schema, ProtobufRecords.Encode(schema, json))));
    }

    /// <summary>Any value that the schema allows, as far as kinds go: what a text must look like is not looked at.</summary>
    private static JsonNode? Make(JsonObject root, JsonObject shape, Random random)
    {
        if (shape["$ref"] is { } reference)
        {
            return Make(root, root["$defs"]![((string)reference!).Split('/')[^1]]!.AsObject(), random);
        }

        if (shape["anyOf"] is JsonArray any)
        {
            return Make(root, any[random.Next(any.Count)]!.AsObject(), random);
        }

        if (shape["const"] is { } only)
        {
            return only.DeepClone();
        }

        if (shape["enum"] is JsonArray choices)
        {
            return choices[random.Next(choices.Count)]!.DeepClone();
        }

        return (string)shape["type"]! switch
        {
            "null" => null,
            "string" => random.Next(4) == 0 ? "" : $"{random.Next()}.\"Ünï\u0001",
            "integer" => random.Next(3) switch { 0 => 0, 1 => long.MinValue + random.Next(), _ => random.NextInt64() },
            "boolean" => random.Next(2) == 0,
            "array" => new JsonArray([.. Enumerable
                .Range(0, (int?)shape["minItems"] ?? random.Next(3))
                .Select(_ => Make(root, shape["items"]!.AsObject(), random))]),
            _ => MakeObject(root, shape, random),
        };
    }

    private static JsonObject MakeObject(JsonObject root, JsonObject shape, Random random)
    {
        var required = shape["required"]!.AsArray().Select(name => (string)name!).ToHashSet();
        var made = new JsonObject();
        foreach (var (name, property) in shape["properties"]!.AsObject())
        {
            if (required.Contains(name) || random.Next(2) == 0)
            {
                made[name] = Make(root, property!.AsObject(), random);
            }
        }

        return made;
    }
}
