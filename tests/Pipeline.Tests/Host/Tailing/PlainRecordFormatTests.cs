using System.Text;
using Pipeline.Core.Market;
using Pipeline.Host.Tailing;
using Pipeline.Kafka.Reader;
using Pipeline.Kafka.Records;
using Pipeline.Tests.Kafka;

namespace Pipeline.Tests.Host.Tailing;

public sealed class PlainRecordFormatTests
{
    private readonly RecordWriter _writer = new(new InstrumentTexts());

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Format_QuotesAndBooks_SayThatTheyAreMinor(bool isMinor)
    {
        var quote = Format(RecordSchema.Quote, _writer.Write(MarketSamples.Quote() with { Minor = isMinor }));
        var book = Format(RecordSchema.Book, _writer.Write(MarketSamples.Book() with { Minor = isMinor }, MarketSamples.Levels));
        Assert.Equal(isMinor, quote.EndsWith("25.3652 × 40.66 (minor)", StringComparison.Ordinal));
        Assert.Equal(isMinor, book.EndsWith("first 2 at 91235.1 (minor)", StringComparison.Ordinal));
        Assert.StartsWith("2026-", book, StringComparison.Ordinal);
    }

    private static string Format(string schema, ReadOnlySpan<byte> value) => new PlainRecordFormat().Format(
        new KafkaRecord("md.any", 0, 0, 0, null, value.ToArray(), [new("schema", Encoding.UTF8.GetBytes(schema))]));
}
