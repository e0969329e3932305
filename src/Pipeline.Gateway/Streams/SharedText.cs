using Pipeline.Fanout;

namespace Pipeline.Gateway.Streams;

internal static class SharedText
{
    public static SharedMessage Make(ReadOnlyMemory<byte> utf8, int slot = -1) => SharedMessage.Text(utf8.ToArray());
}
