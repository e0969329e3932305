namespace Pipeline.Kafka.Sink;

/// <summary>What became of a record that was offered.</summary>
internal enum HandOver
{
    Taken,

    /// <summary>Not now: to be offered again.</summary>
    NoRoom,

    /// <summary>Never: it is told elsewhere, and who offered it goes on without.</summary>
    Refused,
}
