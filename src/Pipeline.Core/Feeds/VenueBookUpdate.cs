using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds;

/// <summary>
/// Book levels as the venue sent them, changed ones or all; bids then asks lie in the owning batch from <see cref="FirstLevel"/> on.
/// <paramref name="PreviousUpdateId"/> is -1 where the venue names none, <paramref name="Time"/> 0.
/// </summary>
public readonly record struct VenueBookUpdate(
    int Symbol,
    BookUpdateKind Kind,
    long FirstUpdateId,
    long LastUpdateId,
    long PreviousUpdateId,
    int FirstLevel,
    int Bids,
    int Asks,
    long Time);
