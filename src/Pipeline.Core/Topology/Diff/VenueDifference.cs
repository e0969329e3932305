using Pipeline.Core.Feeds;

namespace Pipeline.Core.Topology.Diff;

/// <summary>What changes of one venue that stays.</summary>
/// <param name="After">As it runs from now on: the new entries, and as they were all keys that need a restart.</param>
/// <param name="InstrumentsAdded">Entries, as written.</param>
/// <param name="Hot">Keys that change while it runs, below the venue.</param>
public sealed record VenueDifference(
    VenueOptions Before,
    VenueOptions After,
    IReadOnlyList<InstrumentChoice> InstrumentsAdded,
    IReadOnlyList<InstrumentChoice> InstrumentsRemoved,
    IReadOnlyList<StreamChannel> ChannelsAdded,
    IReadOnlyList<StreamChannel> ChannelsRemoved,
    IReadOnlyList<string> Hot)
{
    public string Venue => After.Name;
}
