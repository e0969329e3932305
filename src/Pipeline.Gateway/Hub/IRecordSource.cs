namespace Pipeline.Gateway.Hub;

/// <summary>Where the hub's records come from: Kafka, or memory in tests.</summary>
internal interface IRecordSource
{
    /// <summary>
    /// Reads for ever, on the thread that calls, and waits outages out. Returns when cancelled; an exception is a fault that reading does not
    /// get over by itself, and the hub begins anew after a pause.
    /// </summary>
    void Read(IRecordTarget target, CancellationToken cancellation);

    /// <summary>
    /// Where partitions end, as the broker said last; what it has not told of is left out, and null means that it does not tell now. For any
    /// thread; waits for nobody.
    /// </summary>
    IReadOnlyDictionary<(TopicKind Topic, int Partition), long>? ReadEnds() => null;
}
