namespace Pipeline.Core.Recordings;

/// <summary>How frames are recorded.</summary>
public sealed record RecorderOptions
{
    /// <summary>
    /// True: connections wait while the disk is slow, and nothing is left out. False: they never wait, and what does not fit is counted.
    /// Default false.
    /// </summary>
    public bool Holds { get; init; }

    /// <summary>Name of the queue in the metrics. Default <c>recording</c>.</summary>
    public string Name { get; init; } = "recording";

    /// <summary>Bytes of frames in one block. Default 256 KiB.</summary>
    public int BlockBytes { get; init; } = 256 * 1024;

    /// <summary>Blocks that wait for the disk at most. Default 16.</summary>
    public int Blocks { get; init; } = 16;

    /// <summary>After this a block is written though it is not full: what a crash costs at most. Default 1 s.</summary>
    public TimeSpan BlockAge { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Bytes of a file after which the next one begins; null = one file.</summary>
    public long? MaxFileBytes { get; init; }

    /// <summary>Age of a file after which the next one begins; null = none.</summary>
    public TimeSpan? MaxFileAge { get; init; }

    /// <summary>Bytes in all files after which recording ends; null = no end.</summary>
    public long? MaxBytes { get; init; }
}
