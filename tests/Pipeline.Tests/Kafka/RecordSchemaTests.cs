using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Kafka.Records;

namespace Pipeline.Tests.Kafka;

public sealed class RecordSchemaTests
{
    public static TheoryData<string> Schemas => [.. RecordSchema.All];

    [Theory]
    [MemberData(nameof(Schemas))]
    public void Schema_EveryProperty_IsRequiredAndDescribed(string schema)
    {
        using var json = JsonDocument.Parse(RecordSchema.Read(schema));
        var properties = json.RootElement.GetProperty("properties").EnumerateObject().ToList();
        var required = json.RootElement.GetProperty("required").EnumerateArray().Select(name => name.GetString());
        Assert.Equal(properties.Select(property => property.Name), required);
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

    [Fact]
    public void Read_UnknownSchema_NamesThoseThereAre()
    {
        var exception = Assert.Throws<ArgumentException>(() => RecordSchema.Read("gap/1"));
        Assert.Contains(RecordSchema.Quote, exception.Message, StringComparison.Ordinal);
    }

    private static JsonObject Valid() =>
        JsonNode.Parse(new RecordWriter(new InstrumentTexts()).Write(MarketSamples.Trade()))!.AsObject();
}
