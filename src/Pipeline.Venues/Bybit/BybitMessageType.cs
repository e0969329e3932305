namespace Pipeline.Venues.Bybit;

/// <summary>Value of a message's <c>type</c>.</summary>
internal enum BybitMessageType : byte
{
    None,
    Snapshot,
    Delta,
    Other,
}
