using System.Reflection;
using System.Runtime.InteropServices;

namespace Pipeline.Kafka.Native;

/// <summary>Finds the native Kafka library of this platform and refuses one that is too old.</summary>
internal static class NativeLibrarySelector
{
    public const string Library = "librdkafka";

    // 0xMMmmrrpp: functions and option defaults this project relies on are there since 2.15.
    private const int LeastVersion = 0x020f0000;

    // The package carries one build per C library; the first that loads is the right one.
    private static readonly string[] Builds = ["librdkafka", "alpine-librdkafka", "centos8-librdkafka"];

    public static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library)
        {
            return 0;
        }

        foreach (var build in Builds)
        {
            if (NativeLibrary.TryLoad(build, assembly, path, out var handle))
            {
                return handle;
            }
        }

        return 0;
    }

    /// <exception cref="KafkaClientException">A system-wide older library was found instead of the packaged one.</exception>
    public static void RequireVersion(int version)
    {
        if (version < LeastVersion)
        {
            throw new KafkaClientException(
                $"librdkafka {version >> 24}.{(version >> 16) & 255}.{(version >> 8) & 255} was loaded, 2.15 or newer is needed: "
                + "the packaged library is missing and an older one of the system took its place; restore and build again.");
        }
    }
}
