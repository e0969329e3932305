namespace Pipeline.Gateway.Streams;

/// <summary>State of a candle; <see cref="None"/> for every other record.</summary>
internal enum RecordState : byte
{
    None,
    Forming,
    Final,
    Revised,
}
