namespace Pipeline.Kafka.Sink;

/// <summary>What a batch waits for.</summary>
internal enum SinkWait
{
    /// <summary>Room in the client.</summary>
    Room,

    /// <summary>The acknowledgement of a hole that was announced.</summary>
    Announcement,

    /// <summary>Room among the records that wait for acknowledgements of others.</summary>
    AwaitingAcks,
}
