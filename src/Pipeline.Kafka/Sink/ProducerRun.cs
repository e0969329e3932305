using System.Collections.Concurrent;

namespace Pipeline.Kafka.Sink;

/// <summary>One life of the producer, with what belongs to it.</summary>
internal sealed record ProducerRun(ProducerClient Client, DeliveryLoop Loop)
{
    /// <summary>Writers that nobody uses now.</summary>
    public ConcurrentQueue<SinkWriter> Writers { get; } = new();

    /// <summary>Ends it; what is still inside is given up. Blocks.</summary>
    public void Close()
    {
        Client.Purge();
        Loop.Stop();
        Client.Dispose();
    }
}
