using System.Reactive.Disposables;
using Pipeline.Core.Feeds;

namespace Pipeline.Host.Collecting;

/// <summary>A venue's streams whose health is watched for as long as they are wished for.</summary>
internal sealed class WatchedStreams(IStreamSubscriptions feed, VenueHealth health) : IStreamSubscriptions
{
    public void Update(FeedStream stream) => feed.Update(stream);

    public IDisposable Subscribe(FeedStream stream)
    {
        // Before: what becomes of the request belongs to its history.
        health.Watch(stream);
        try
        {
            var reference = feed.Subscribe(stream);
            return Disposable.Create(() =>
            {
                reference.Dispose();
                health.Forget(stream.Name);
            });
        }
        catch
        {
            health.Forget(stream.Name);
            throw;
        }
    }
}
