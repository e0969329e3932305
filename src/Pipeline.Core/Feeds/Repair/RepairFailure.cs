using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds.Repair;

/// <summary>Missing trades could not be fetched; they are asked for again, unless the hole is abandoned.</summary>
public sealed record RepairFailure(Instrument Instrument, long FromId, string Message);
