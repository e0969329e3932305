using System.Threading.Channels;
using Pipeline.Core.Feeds;

namespace Pipeline.Host.Collecting.Sharing;

/// <summary>The venues' streams, as partitions come and go: all that have changed together are planned together.</summary>
/// <param name="feeds">The feeds of the venues that are collected from.</param>
internal sealed class StreamPlans(VenueSet venues, Func<IReadOnlyList<VenueFeedStatistics>> feeds, TimeProvider time)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    // Says that something has changed; how often does not matter.
    private readonly Channel<bool> _bell =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private long _wished;
    private long _planned;

    private bool AreReady => venues.Missing.Count == 0
        && feeds().All(feed => feed.UnplacedStreams == 0 && feed.Connections.All(one => one.Streams == 0 || (one.IsRunning && one.IsReady)));

    /// <summary>Other partitions are taken than before.</summary>
    public void Change()
    {
        Interlocked.Increment(ref _wished);
        _bell.Writer.TryWrite(true);
    }

    /// <summary>Plans anew whenever something has changed; until it is ended.</summary>
    public async Task FollowAsync(CancellationToken cancellation)
    {
        await foreach (var _ in _bell.Reader.ReadAllAsync(cancellation))
        {
            var wished = Interlocked.Read(ref _wished);
            if (wished > Interlocked.Read(ref _planned))
            {
                await venues.ReshareAsync(cancellation);
                Interlocked.Exchange(ref _planned, wished);
            }
        }
    }

    /// <summary>Completes when every stream that is wished for by now is confirmed; false when that is not wanted any more.</summary>
    public async Task<bool> WhenReadyAsync(Func<bool> isWanted, CancellationToken cancellation)
    {
        var wished = Interlocked.Read(ref _wished);
        while (Interlocked.Read(ref _planned) < wished || !AreReady)
        {
            await Task.Delay(LookInterval, time, cancellation);
            if (!isWanted())
            {
                return false;
            }
        }

        return true;
    }
}
