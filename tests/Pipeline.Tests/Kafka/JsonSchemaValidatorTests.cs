namespace Pipeline.Tests.Kafka;

public sealed class JsonSchemaValidatorTests
{
    [Theory]
    [InlineData("""{"type":"integer"}""", "1.5")]
    [InlineData("""{"type":"string"}""", "1")]
    [InlineData("""{"type":"boolean"}""", "null")]
    [InlineData("""{"enum":["a","b"]}""", "\"c\"")]
    [InlineData("""{"const":1}""", "2")]
    [InlineData("""{"pattern":"^[0-9]+$"}""", "\"1a\"")]
    [InlineData("""{"minimum":0}""", "-1")]
    [InlineData("""{"required":["a"]}""", """{"b":1}""")]
    [InlineData("""{"additionalProperties":false,"properties":{"a":{}}}""", """{"a":1,"b":1}""")]
    [InlineData("""{"properties":{"a":{"type":"string"}}}""", """{"a":1}""")]
    [InlineData("""{"items":{"type":"integer"}}""", "[1,\"x\"]")]
    [InlineData("""{"anyOf":[{"type":"null"},{"minimum":1}]}""", "0")]
    [InlineData("""{"$ref":"#/$defs/a","$defs":{"a":{"type":"null"}}}""", "1")]
    public void Validate_ValueBreaksAKeyword_IsRejected(string schema, string value) =>
        Assert.Single(new JsonSchemaValidator(schema).Validate(value));

    [Theory]
    [InlineData("""{"anyOf":[{"type":"null"},{"minimum":1}]}""", "null")]
    [InlineData("""{"required":["a"],"additionalProperties":false,"properties":{"a":{"items":{"const":1}}}}""", """{"a":[1,1]}""")]
    public void Validate_ValueFits_HasNoErrors(string schema, string value) =>
        Assert.Empty(new JsonSchemaValidator(schema).Validate(value));

    [Fact]
    public void Validate_UnknownKeyword_IsAnErrorOfTheSchema() =>
        Assert.Throws<NotSupportedException>(() => new JsonSchemaValidator("""{"maxLength":1}""").Validate("\"ab\""));
}
