using Pipeline.Core.Candles;
using Pipeline.Core.Topology;

namespace Pipeline.Host.Collecting.Reloading;

/// <summary>What follows a changed topology while it runs. Called by one at a time.</summary>
internal interface ITopologyTarget
{
    void SetCandles(CandleOptions candles);

    /// <summary>Begins with a venue, in the background.</summary>
    void AddVenue(VenueOptions venue);

    /// <summary>Completes when the venue's connections are closed.</summary>
    Task RemoveVenueAsync(string venue);

    /// <summary>Completes when the streams that differ are asked for, and those that are not wished for any more given up.</summary>
    Task<VenueChange> ReplanAsync(VenueOptions venue);
}
