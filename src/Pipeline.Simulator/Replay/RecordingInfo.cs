namespace Pipeline.Simulator.Replay;

/// <summary>What others may know of a recording without replaying it.</summary>
public static class RecordingInfo
{
    /// <summary>Arrival of its first frame, microseconds since the Unix epoch.</summary>
    /// <exception cref="FileNotFoundException">There is no such recording; the message names the places searched.</exception>
    /// <exception cref="InvalidDataException">The files are damaged or do not belong together.</exception>
    public static async Task<long> FirstArrivalAsync(string recording, CancellationToken cancellation) =>
        (await RecordingReader.ReadAsync(recording, cancellation)).FirstTime;
}
