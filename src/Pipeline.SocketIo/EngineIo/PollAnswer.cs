using Pipeline.Fanout;

namespace Pipeline.SocketIo.EngineIo;

/// <summary>What a poll is answered with: packets, or a refusal (none).</summary>
internal readonly record struct PollAnswer(List<SharedMessage>? Packets)
{
    public static PollAnswer Refused => default;

    public static PollAnswer Of(SharedMessage packet) => new([packet]);
}
