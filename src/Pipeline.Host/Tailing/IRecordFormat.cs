using Pipeline.Kafka.Reader;

namespace Pipeline.Host.Tailing;

/// <summary>How <c>pipeline tail</c> writes a record: one line, whatever the record holds.</summary>
internal interface IRecordFormat
{
    string Format(KafkaRecord record);
}
