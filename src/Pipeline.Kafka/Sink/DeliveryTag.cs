namespace Pipeline.Kafka.Sink;

/// <summary>What goes with a record through the client and comes back with its delivery: where it belongs, and who waits for it.</summary>
internal static class DeliveryTag
{
    private const int PartitionBits = 32;

    /// <param name="partition">Partitions of all topics numbered through.</param>
    /// <param name="ticket">0 = nobody waits for it alone.</param>
    public static nint Of(int partition, int ticket) => (nint)(((long)ticket << PartitionBits) | (uint)partition);

    public static int PartitionOf(nint tag) => (int)(uint)(long)tag;

    public static int TicketOf(nint tag) => (int)((long)tag >> PartitionBits);
}
