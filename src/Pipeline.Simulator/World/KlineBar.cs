namespace Pipeline.Simulator.World;

/// <summary>
/// A bar in the making. Volumes are sums of quantities (scale 8), turnovers sums of price × quantity (scale 16), both exact.
/// An empty bar shows the previous close.
/// </summary>
internal struct KlineBar
{
    public long OpenTime;
    public long EndTime;
    public long Open;
    public long High;
    public long Low;
    public long Close;
    public long FirstId;
    public long LastId;
    public long Trades;
    public Int128 Volume;
    public Int128 QuoteVolume;
    public Int128 TakerBuyVolume;
    public Int128 TakerBuyQuoteVolume;

    public static KlineBar Empty(long openTime, long endTime, long previousClose) => new()
    {
        OpenTime = openTime,
        EndTime = endTime,
        Open = previousClose,
        High = previousClose,
        Low = previousClose,
        Close = previousClose,
        FirstId = -1,
        LastId = -1,
    };

    public void Add(in EngineTrade trade)
    {
        var turnover = (Int128)trade.Price * trade.Quantity;
        if (Trades++ == 0)
        {
            Open = High = Low = trade.Price;
            FirstId = trade.Id;
        }

        High = Math.Max(High, trade.Price);
        Low = Math.Min(Low, trade.Price);
        Close = trade.Price;
        LastId = trade.Id;
        Volume += trade.Quantity;
        QuoteVolume += turnover;
        if (trade.TakerBuys)
        {
            TakerBuyVolume += trade.Quantity;
            TakerBuyQuoteVolume += turnover;
        }
    }

    /// <summary>Appends a later, shorter bar.</summary>
    public void Append(in KlineBar later)
    {
        if (later.Trades == 0)
        {
            return;
        }

        if (Trades == 0)
        {
            (Open, High, Low, FirstId) = (later.Open, later.High, later.Low, later.FirstId);
        }

        Trades += later.Trades;
        High = Math.Max(High, later.High);
        Low = Math.Min(Low, later.Low);
        Close = later.Close;
        LastId = later.LastId;
        Volume += later.Volume;
        QuoteVolume += later.QuoteVolume;
        TakerBuyVolume += later.TakerBuyVolume;
        TakerBuyQuoteVolume += later.TakerBuyQuoteVolume;
    }
}
