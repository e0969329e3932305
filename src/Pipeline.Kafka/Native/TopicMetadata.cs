using System.Runtime.InteropServices;

namespace Pipeline.Kafka.Native;

/// <summary>One topic of a metadata answer (<c>rd_kafka_metadata_topic_t</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly unsafe struct TopicMetadata
{
    public readonly nint Name;
    public readonly int PartitionCount;
    public readonly PartitionMetadata* Partitions;
    public readonly ErrorCode Error;
}
