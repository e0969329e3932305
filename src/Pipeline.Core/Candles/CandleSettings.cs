namespace Pipeline.Core.Candles;

/// <summary>The options that hold now; each lane takes them up between two batches.</summary>
internal sealed class CandleSettings(CandleOptions first)
{
    private volatile CandleOptions _current = first;

    public CandleOptions Current
    {
        get => _current;
        set => _current = value;
    }
}
