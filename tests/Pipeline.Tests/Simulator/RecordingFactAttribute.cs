using Pipeline.Core.Recordings;
using Pipeline.Simulator.Replay;

namespace Pipeline.Tests.Simulator;

/// <summary>A test that needs a recording, which lives outside the repository; skipped, naming the places searched, without it.</summary>
internal sealed class RecordingFactAttribute : FactAttribute
{
    public RecordingFactAttribute(string recording)
    {
        try
        {
            RecordingFiles.Find(recording);
        }
        catch (FileNotFoundException e)
        {
            Skip = e.Message;
        }
    }
}
