namespace Pipeline.Core.Recordings;

/// <summary>Frames with their arrival times, read from begin to end.</summary>
public interface IRecording : IDisposable
{
    RecordingHeader Header { get; }

    /// <summary>How much of <see cref="Length"/> was read.</summary>
    long Position { get; }

    /// <summary>Bytes of the file; records of a topic.</summary>
    long Length { get; }

    /// <summary>Why reading ended before the recording was complete, and where; null when it did not.</summary>
    string? Damage { get; }

    /// <summary>The next frames; null at the end, or where the recording is damaged.</summary>
    RecordedBatch? Read();
}
