using Pipeline.Core.Market;
using Pipeline.Kafka.Records;

namespace Pipeline.Tests.Kafka;

public sealed class InstrumentRecordReaderTests
{
    private readonly RecordWriter _writer = new(new InstrumentTexts());

    [Fact]
    public void Read_WhatTheWriterWrote_IsTheSame()
    {
        foreach (var kind in Enum.GetValues<InstrumentKind>())
        {
            foreach (var status in Enum.GetValues<InstrumentStatus>())
            {
                var record = MarketSamples.InstrumentRecord(status, kind, revision: 3);
                var read = InstrumentRecordReader.Read(_writer.Write(record).ToArray())!;

                Assert.Equal(record.Info, read.Info);
                Assert.Equal(record.Aliases, read.Aliases);
                Assert.Equal((record.Revision, record.UpdatedTime), (read.Revision, read.UpdatedTime));
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"venue\":null}")]
    public void Read_SomethingElse_IsNull(string value) => Assert.Null(InstrumentRecordReader.Read(MarketSamples.Bytes(value)));
}
