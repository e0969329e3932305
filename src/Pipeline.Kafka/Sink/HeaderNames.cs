using System.Runtime.InteropServices;
using Pipeline.Core.Diagnostics;

namespace Pipeline.Kafka.Sink;

/// <summary>Record headers, and their names as the native library wants them: zero-terminated, at a fixed address.</summary>
public static class HeaderNames
{
    /// <summary>Shape of the value, such as <c>trade/1</c>.</summary>
    public const string Schema = "schema";

    /// <summary>Arrival of the frame, microseconds since the Unix epoch, decimal text.</summary>
    public const string Received = "received-us";

    /// <summary>Hand-over to the Kafka client, microseconds since the Unix epoch, decimal text.</summary>
    public const string Produced = "produced-us";

    /// <summary>Connection the frame came over; absent when it came over none.</summary>
    public const string Leg = "leg";

    /// <summary>Ownership of the partition: the offset of the owner's claim; <c>0</c> while there is none, and where several write.</summary>
    public const string Epoch = "epoch";

    /// <summary><see cref="Records.ProtobufRecords.ContentType"/> where the value is Protobuf; absent where it is JSON.</summary>
    public const string ContentType = "content-type";

    /// <summary>The span that wrote it, as the W3C writes it; only on records of batches that are traced.</summary>
    public const string TraceParent = PipelineTracing.TraceParent;

    internal static readonly nint TraceParentUtf8 = Marshal.StringToCoTaskMemUTF8(TraceParent);
    internal static readonly nint ContentTypeUtf8 = Marshal.StringToCoTaskMemUTF8(ContentType);
    internal static readonly nint SchemaUtf8 = Marshal.StringToCoTaskMemUTF8(Schema);
    internal static readonly nint ReceivedUtf8 = Marshal.StringToCoTaskMemUTF8(Received);
    internal static readonly nint ProducedUtf8 = Marshal.StringToCoTaskMemUTF8(Produced);
    internal static readonly nint LegUtf8 = Marshal.StringToCoTaskMemUTF8(Leg);
    internal static readonly nint EpochUtf8 = Marshal.StringToCoTaskMemUTF8(Epoch);
}
