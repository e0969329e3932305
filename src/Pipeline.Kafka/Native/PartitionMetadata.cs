using System.Runtime.InteropServices;

namespace Pipeline.Kafka.Native;

/// <summary>One partition of a metadata answer (<c>rd_kafka_metadata_partition_t</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct PartitionMetadata
{
    public readonly int Id;
    public readonly ErrorCode Error;
    public readonly int Leader;
    public readonly int ReplicaCount;
    public readonly nint Replicas;
    public readonly int InSyncCount;
    public readonly nint InSync;
}
