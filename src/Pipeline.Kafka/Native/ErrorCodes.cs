using System.Runtime.InteropServices;

namespace Pipeline.Kafka.Native;

/// <summary>What the library calls its error codes.</summary>
internal static class ErrorCodes
{
    /// <summary>Stable name, such as <c>_TRANSPORT</c> or <c>MSG_SIZE_TOO_LARGE</c>.</summary>
    public static string NameOf(ErrorCode code) => Marshal.PtrToStringUTF8(KafkaNative.rd_kafka_err2name(code)) ?? code.ToString();

    /// <summary>The library's own words.</summary>
    public static string TextOf(ErrorCode code) => Marshal.PtrToStringUTF8(KafkaNative.rd_kafka_err2str(code)) ?? code.ToString();
}
