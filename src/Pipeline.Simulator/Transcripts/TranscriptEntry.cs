using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Transcripts;

/// <summary>One frame.</summary>
/// <param name="At">Microseconds of monotonic time since the transcript began.</param>
/// <param name="Clock">Microseconds since the Unix epoch.</param>
/// <param name="IsIn">From the client.</param>
/// <param name="Size">Bytes of the whole payload.</param>
/// <param name="Head">Its first bytes.</param>
internal sealed record TranscriptEntry(
    long At, long Clock, int Connection, SimulatedVenue Venue, bool IsIn, byte Opcode, long Size, byte[] Head);
