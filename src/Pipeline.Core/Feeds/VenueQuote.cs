using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds;

/// <summary>Best bid and ask as the venue sent them; time 0 where it sends none.</summary>
public readonly record struct VenueQuote(int Symbol, long UpdateId, Number Bid, Number BidQuantity, Number Ask, Number AskQuantity, long Time);
