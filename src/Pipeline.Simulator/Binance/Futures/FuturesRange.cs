namespace Pipeline.Simulator.Binance.Futures;

/// <summary>Update ids of a book frame: first and last of its own, and the last of the frame before on the same stream.</summary>
internal readonly record struct FuturesRange(long First, long Last, long Previous);
