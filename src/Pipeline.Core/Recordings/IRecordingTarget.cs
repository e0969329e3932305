namespace Pipeline.Core.Recordings;

/// <summary>Where a <see cref="FrameRecorder"/> writes its blocks: a file, or a topic. For one thread.</summary>
public interface IRecordingTarget : IDisposable
{
    /// <summary>Bytes written.</summary>
    long Written { get; }

    /// <summary>Writes the block through; once this has completed the block may be used again.</summary>
    ValueTask WriteAsync(RecordingBlock block);

    /// <summary>Is to say anew what the recording holds; false where only another target can.</summary>
    ValueTask<bool> TryTellAsync();

    /// <summary>The recording is complete.</summary>
    ValueTask EndAsync();
}
