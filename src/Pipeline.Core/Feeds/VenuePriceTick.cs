using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds;

/// <summary>
/// A price told by an on-chain event; the signature's bytes lie in the owning batch's <see cref="VenueBatch.Bytes"/>. See
/// <see cref="PriceTick"/>.
/// </summary>
public readonly record struct VenuePriceTick(
    int Symbol, ProgramEvent Event, Number Price, long Slot, int Index, int SignatureAt, int SignatureLength, long Time);
