using Pipeline.Core.Market;

namespace Pipeline.Kafka.Verification;

/// <summary>One window: the fold of its trades so far, and the last record that tells of it.</summary>
internal sealed class CandleWindow(CandleInterval interval, long openTime)
{
    private int _priceScale;
    private int _quantityScale;
    private Int128 _volume;
    private Int128 _turnover;
    private Int128 _takerBuy;
    private long _firstTime;
    private long _lastTime;

    public CandleInterval Interval { get; } = interval;

    public long OpenTime { get; } = openTime;

    public long CloseTime => OpenTime + Interval.Microseconds;

    /// <summary>Trade records in it.</summary>
    public long Count { get; private set; }

    /// <summary>Fills they say they stand for, or one each.</summary>
    public long Fills { get; private set; }

    /// <summary>False when a record does not say how many fills it stands for.</summary>
    public bool KnowsFills { get; private set; } = true;

    public long FirstId { get; private set; } = -1;

    public long LastId { get; private set; } = -1;

    public Number Open { get; private set; }

    public Number High { get; private set; }

    public Number Low { get; private set; }

    public Number Close { get; private set; }

    /// <summary>A sum did not fit 128 bits.</summary>
    public bool HasOverflowed { get; private set; }

    /// <summary>How far the instrument had come when a trade was added last, by event time.</summary>
    public long LastChange { get; private set; } = long.MinValue;

    /// <summary>Last final or revised record; null when there is none.</summary>
    public CandleRow? Row { get; set; }

    public long RowOffset { get; set; } = -1;

    public bool IsWaiting { get; set; }

    /// <summary>In the queue of windows that may be let go.</summary>
    public bool IsKept { get; set; }

    public WideNumber Volume => new(_volume, _quantityScale);

    public WideNumber Turnover => new(_turnover, _priceScale + _quantityScale);

    public WideNumber TakerBuyVolume => new(_takerBuy, _quantityScale);

    public bool Holds(long time) => time >= OpenTime && time < OpenTime + Interval.Microseconds;

    /// <param name="quantity">In units of the scale, as is the turnover.</param>
    /// <param name="isOrdered">False where ids say nothing of order: then event time decides, and of equals the order of adding.</param>
    public void Add(in TradeRow row, Int128 quantity, Int128 turnover, ExactScale scale, int fills, bool isOrdered, long frontierTime)
    {
        if (scale.Quantity != _quantityScale || scale.Price != _priceScale)
        {
            Rescale(scale);
        }

        if (Count++ == 0)
        {
            (Open, High, Low, Close) = (row.Price, row.Price, row.Price, row.Price);
            (FirstId, LastId) = (row.FirstId, row.Id);
            (_firstTime, _lastTime) = (row.EventTime, row.EventTime);
        }
        else
        {
            High = row.Price > High ? row.Price : High;
            Low = row.Price < Low ? row.Price : Low;
            if (isOrdered ? row.FirstId < FirstId : row.EventTime < _firstTime)
            {
                (FirstId, _firstTime, Open) = (row.FirstId, row.EventTime, row.Price);
            }

            if (isOrdered ? row.Id > LastId : row.EventTime >= _lastTime)
            {
                (LastId, _lastTime, Close) = (row.Id, row.EventTime, row.Price);
            }
        }

        _volume += quantity;
        _turnover += turnover;
        _takerBuy += row.Side == AggressorSide.Buy ? quantity : 0;
        HasOverflowed |= _volume < 0 || _turnover < 0;
        KnowsFills &= fills > 0;
        Fills += Math.Max(1, fills);
        LastChange = frontierTime;
    }

    public void Overflow() => HasOverflowed = true;

    private void Rescale(ExactScale scale)
    {
        var quantityBy = scale.Quantity - _quantityScale;
        HasOverflowed |= !ExactScale.TryScale(_volume, quantityBy, out _volume)
            | !ExactScale.TryScale(_takerBuy, quantityBy, out _takerBuy)
            | !ExactScale.TryScale(_turnover, quantityBy + scale.Price - _priceScale, out _turnover);
        _quantityScale = scale.Quantity;
        _priceScale = scale.Price;
    }
}
