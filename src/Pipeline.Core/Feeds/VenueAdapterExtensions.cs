namespace Pipeline.Core.Feeds;

public static class VenueAdapterExtensions
{
    /// <summary>Whether a batch carries market data and not control frames alone.</summary>
    public static bool CarriesData(this IVenueAdapter adapter, FrameBatch batch)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        ArgumentNullException.ThrowIfNull(batch);
        for (var i = 0; i < batch.Count; i++)
        {
            if (adapter.IsMarketData(batch[i]))
            {
                return true;
            }
        }

        return false;
    }
}
