using System.Runtime.InteropServices;

namespace Pipeline.Kafka.Native;

/// <summary>Answer to a metadata request (<c>rd_kafka_metadata_t</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly unsafe struct ClusterMetadata
{
    public readonly int BrokerCount;
    public readonly nint Brokers;
    public readonly int TopicCount;
    public readonly TopicMetadata* Topics;
    public readonly int OriginBroker;
    public readonly nint OriginBrokerName;
}
