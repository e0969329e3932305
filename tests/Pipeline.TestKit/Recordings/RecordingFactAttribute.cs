using Xunit;

namespace Pipeline.TestKit.Recordings;

/// <summary>A test on real recordings, which are not part of the repository: skipped, and saying so, where there are none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RecordingFactAttribute : FactAttribute
{
    public RecordingFactAttribute()
    {
        if (Recording.Folder is null)
        {
            Skip = "No recordings: they belong in ../shared/data/recordings beside the repository, or in PIPELINE_RECORDINGS.";
        }
    }
}
