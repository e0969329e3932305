namespace Pipeline.Simulator.World;

/// <summary>A book as it stood after the change with <paramref name="UpdateId"/>, best levels first.</summary>
internal sealed record BookSnapshot(long UpdateId, IReadOnlyList<PriceLevel> Bids, IReadOnlyList<PriceLevel> Asks);
