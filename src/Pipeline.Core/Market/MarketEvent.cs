namespace Pipeline.Core.Market;

/// <summary>One event of a <see cref="MarketBatch"/>: its kind and its place in the batch's list of that kind.</summary>
public readonly record struct MarketEvent(MarketEventKind Kind, int Index);
