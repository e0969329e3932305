using Pipeline.Fanout;

namespace Pipeline.Gateway.Streams;

/// <summary>Where a client's messages go: its link, or a list in tests. For any thread; never waits.</summary>
internal interface IOutlet
{
    /// <summary>The link, where it is one: then a room serves it together with its others.</summary>
    ClientLink? Link { get; }

    /// <summary>Bytes that wait.</summary>
    long WaitingBytes { get; }

    /// <inheritdoc cref="ClientLink.Post"/>
    bool Post(SharedMessage message, Delivery delivery, object? key = null);

    /// <inheritdoc cref="ClientLink.Close(int, string)"/>
    void Close(int code, string reason);

    /// <inheritdoc cref="ClientLink.SetMaximumRate"/>
    void SetMaximumRate(double messagesPerSecond);
}
