namespace Pipeline.Kafka.Native;

/// <summary>Kinds of events on the client's queue (<c>RD_KAFKA_EVENT_…</c>).</summary>
[Flags]
internal enum EventKinds
{
    None = 0,
    Delivery = 1,
    Log = 4,
    Error = 8,
}
