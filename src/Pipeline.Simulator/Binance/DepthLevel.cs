namespace Pipeline.Simulator.Binance;

/// <summary>A level's last quantity within a window; <paramref name="Sequence"/> orders changes of the same price.</summary>
internal readonly record struct DepthLevel(long Price, long Quantity, int Sequence);
