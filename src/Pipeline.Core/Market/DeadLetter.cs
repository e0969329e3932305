namespace Pipeline.Core.Market;

/// <summary>
/// A frame that was not understood, kept whole. The bytes lie in the owning batch at <c>[Offset, Offset + Length)</c>.
/// </summary>
/// <param name="Venue">Venue it came from.</param>
/// <param name="Connection">Connection it came over.</param>
/// <param name="Reason">Stable code, such as <c>malformed</c> or <c>unknown-event</c>.</param>
/// <param name="Size">Size of the frame on the wire; larger than <paramref name="Length"/> when the rest was discarded at the socket.</param>
public readonly record struct DeadLetter(string Venue, string Connection, string Reason, int Offset, int Length, long Size, long ReceivedTime);
