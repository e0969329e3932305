using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Kafka.Records;

namespace Pipeline.Tests.Kafka;

public sealed class RecordSchemaTests
{
    // Absent instead of null, so that the many records that stand for one trade do not grow.
    private static readonly Dictionary<string, string[]> Optional = new()
    {
        [RecordSchema.Trade] = ["firstId", "fills"],
        [RecordSchema.Quote] = ["minor"],
        [RecordSchema.Book] = ["minor"],
    };

    public static TheoryData<string> Schemas => [.. RecordSchema.All];

    [Theory]
    [MemberData(nameof(Schemas))]
    public void Schema_EveryPropertyButTheOptional_IsRequiredAndDescribed(string schema)
    {
        using var json = JsonDocument.Parse(RecordSchema.Read(schema));
        var properties = json.RootElement.GetProperty("properties").EnumerateObject().ToList();
        var required = json.RootElement.GetProperty("required").EnumerateArray().Select(name => name.GetString());
        Assert.Equal(properties.Select(property => property.Name).Where(name => !Optional.GetValueOrDefault(schema, []).Contains(name)), required);
        Assert.All(properties, property => Assert.NotEmpty(property.Value.GetProperty("description").GetString()!));
        Assert.False(json.RootElement.GetProperty("additionalProperties").GetBoolean());
    }

    [Theory]
    [InlineData("price", "91234.50")]
    [InlineData("price", "1e5")]
    [InlineData("price", "")]
    [InlineData("side", "SELL")]
    [InlineData("id", "1")]
    [InlineData("source", null)]
    [InlineData("extra", "1")]
    public void TradeSchema_WrongValue_IsRejected(string property, string? value)
    {
        var record = Valid();
        record[property] = value;
        Assert.NotEmpty(new JsonSchemaValidator(RecordSchema.Read(RecordSchema.Trade)).Validate(record.ToJsonString()));
    }

    [Fact]
    public void TradeSchema_MissingProperty_IsRejected()
    {
        var record = Valid();
        record.Remove("receivedTime");
        Assert.NotEmpty(new JsonSchemaValidator(RecordSchema.Read(RecordSchema.Trade)).Validate(record.ToJsonString()));
    }

    [Theory]
    [InlineData("""{"bids":[["1"]]}""")]
    [InlineData("""{"bids":[["1","2","3"]]}""")]
    [InlineData("""{"asks":[["1.0","2"]]}""")]
    [InlineData("""{"kind":"delta"}""")]
    [InlineData("""{"prev":"5"}""")]
    public void BookSchema_WrongValue_IsRejected(string change)
    {
        var record = JsonNode.Parse(new RecordWriter(new InstrumentTexts()).Write(MarketSamples.Book(), MarketSamples.Levels))!.AsObject();
        var (name, value) = Assert.Single(JsonNode.Parse(change)!.AsObject());
        record[name] = value!.DeepClone();
        Assert.NotEmpty(new JsonSchemaValidator(RecordSchema.Read(RecordSchema.Book)).Validate(record.ToJsonString()));
    }

    [Fact]
    public void Read_UnknownSchema_NamesThoseThereAre()
    {
        var exception = Assert.Throws<ArgumentException>(() => RecordSchema.Read("hole/1"));
        Assert.Contains(RecordSchema.Quote, exception.Message, StringComparison.Ordinal);
    }

    private static JsonObject Valid() =>
        JsonNode.Parse(new RecordWriter(new InstrumentTexts()).Write(MarketSamples.Trade()))!.AsObject();
}
