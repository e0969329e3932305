using Pipeline.Fanout;

namespace Pipeline.Gateway.Streams;

/// <summary>A client's link.</summary>
internal sealed class LinkOutlet(ClientLink link) : IOutlet
{
    public ClientLink Link => link;

    public long WaitingBytes => link.WaitingBytes;

    public bool Post(SharedMessage message, Delivery delivery, object? key = null) => link.Post(message, delivery, key);

    public void Close(int code, string reason) => link.Close(code, reason);

    public void SetMaximumRate(double messagesPerSecond) => link.SetMaximumRate(messagesPerSecond);
}
