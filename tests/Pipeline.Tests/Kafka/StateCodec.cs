using Pipeline.Core.Market;
using Pipeline.Kafka.Records;

namespace Pipeline.Tests.Kafka;

/// <summary>A state as the next process gets it: written to <c>md.state</c> and read.</summary>
internal static class StateCodec
{
    public static InstrumentState Through(InstrumentState state)
    {
        var value = new RecordWriter(new InstrumentTexts()).Write(state, 1, 2).ToArray();
        return StateRecordReader.Read(value, (_, _, _) => state.Instrument).State;
    }
}
