using Pipeline.Fanout;

namespace Pipeline.Gateway.Streams;

/// <summary>Where a client's messages go: its link, or a list in tests. For any thread; never waits.</summary>
internal interface IOutlet
{
    /// <summary>Bytes that wait.</summary>
    long WaitingBytes { get; }

    /// <inheritdoc cref="ClientLink.Post"/>
    bool Post(SharedMessage message, Delivery delivery, object? key = null);
}
