using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.Host.Venues;

namespace Pipeline.Host.Collecting;

/// <summary>A venue that is collected from. Disposing of it ends that.</summary>
internal interface IVenueIntake : IAsyncDisposable
{
    /// <summary>Takes what the plan names and nothing else; what stays is not touched.</summary>
    /// <param name="gone">Instruments that were taken before and are not any more: once this completes no record of them follows.</param>
    Task<StreamDifference> FollowAsync(VenuePlan plan, IReadOnlyList<Instrument> gone, CancellationToken cancellation);
}
