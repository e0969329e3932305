namespace Pipeline.Core.Feeds;

/// <summary>
/// Reads a venue's frames. Pure: bytes in, venue records out, no clock, no state between frames. Whatever the bytes are it never
/// throws; a frame that is not understood becomes a dead letter with a reason, a control frame is counted.
/// </summary>
public interface IVenueParser
{
    /// <summary>Appends what the frames say to <paramref name="into"/>, in their order.</summary>
    void Parse(FrameBatch frames, VenueBatch into);
}
