namespace Pipeline.Kafka.Reader;

/// <summary>Records of one partition from an offset up to another, which is not among them.</summary>
public sealed record LogStretch(string Topic, int Partition, long From, long To)
{
    public long Records => Math.Max(0, To - From);
}
