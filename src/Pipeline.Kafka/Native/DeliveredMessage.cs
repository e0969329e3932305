using System.Runtime.InteropServices;

namespace Pipeline.Kafka.Native;

/// <summary>A message as a delivery event shows it (<c>rd_kafka_message_t</c>, 64-bit layout).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct DeliveredMessage
{
    public readonly ErrorCode Error;
    public readonly nint Topic;
    public readonly int Partition;
    public readonly nint Payload;
    public readonly nuint Length;
    public readonly nint Key;
    public readonly nuint KeyLength;
    public readonly long Offset;

    /// <summary>What was given as <see cref="MessageFieldKind.Opaque"/>.</summary>
    public readonly nint Opaque;
}
