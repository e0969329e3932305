using Pipeline.Core.Feeds;

namespace Pipeline.Core.Graph;

/// <summary>Station 2: the venue's parser over the frames of one batch.</summary>
internal static class ParseStation
{
    /// <summary>What the frames say; they are released, the answer is the caller's.</summary>
    public static VenueBatch Process(FrameBatch frames, VenueBatchPool pool)
    {
        var batch = pool.Rent();
        frames.Source.Parser!.Parse(frames, batch);
        batch.Origin = frames.Origin;
        frames.Release();
        return batch;
    }
}
