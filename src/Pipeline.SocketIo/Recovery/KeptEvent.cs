using Pipeline.Fanout;

namespace Pipeline.SocketIo.Recovery;

/// <summary>An event that can be sent again.</summary>
/// <param name="Number">Its place among all events of the namespace.</param>
/// <param name="Target">Whom it was for; where one client alone keeps it, that does not matter.</param>
internal readonly record struct KeptEvent(long Number, IoTarget Target, SharedMessage Message, Delivery Delivery, object? Key, long At)
{
    /// <summary>About what an event costs besides its bytes.</summary>
    private const int Overhead = 128;

    /// <summary>Bytes that it takes.</summary>
    public long Cost => (Message.Parts?.Sum(part => (long)part.Payload.Length) ?? Message.Payload.Length) + Overhead;
}
