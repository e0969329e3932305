using System.Runtime.CompilerServices;
using Pipeline.Core.Market;

namespace Pipeline.Core.Candles;

/// <summary>
/// Open, high, low, close and totals of a set of trades. Which trade opened and which closed is decided by id, in whatever order they
/// are added. Where ids say nothing of order, and among prices, which have none, it is decided by event time: then
/// <see cref="FirstId"/> and <see cref="LastId"/> hold those times. Of equals the one added later closes.
/// </summary>
internal struct CandleSum
{
    public Number Open;
    public Number High;
    public Number Low;
    public Number Close;
    public WideNumber Volume;
    public WideNumber QuoteVolume;
    public WideNumber TakerBuyVolume;
    public long Trades;
    public long FirstId;
    public long LastId;

    /// <summary>True when a total no longer fits 128 bits and the sum is therefore wrong.</summary>
    public bool Overflowed;

    /// <summary>Of a part of the volume it is not known who took liquidity.</summary>
    public bool IsSideUnknown;

    /// <summary>A part of it is the venue's sum and not ours.</summary>
    public bool IsMixed;

    /// <summary>Of a part of it the venue does not say how many trades it counts.</summary>
    public bool IsCountUnknown;

    public bool HasAny;

    public readonly bool IsEmpty => !HasAny;

    /// <summary>A price and nothing traded: what an empty window carries over.</summary>
    public static CandleSum Carried(Number price) => new() { Open = price, High = price, Low = price, Close = price, FirstId = -1, LastId = -1 };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(in Trade trade, bool isOrderedById)
    {
        var first = isOrderedById ? trade.FirstId : trade.EventTime;
        var last = isOrderedById ? trade.Id : trade.EventTime;
        if (!HasAny)
        {
            HasAny = true;
            Open = High = Low = Close = trade.Price;
            (FirstId, LastId) = (first, last);
        }
        else
        {
            if (trade.Price > High)
            {
                High = trade.Price;
            }
            else if (trade.Price < Low)
            {
                Low = trade.Price;
            }

            if (last >= LastId)
            {
                (LastId, Close) = (last, trade.Price);
            }

            if (first < FirstId)
            {
                (FirstId, Open) = (first, trade.Price);
            }
        }

        Trades += trade.Fills;
        var quantity = WideNumber.From(trade.Quantity);
        AddTo(ref Volume, quantity);
        AddTo(ref QuoteVolume, WideNumber.Multiply(trade.Price, trade.Quantity));
        if (trade.Side == AggressorSide.Buy)
        {
            AddTo(ref TakerBuyVolume, quantity);
        }
        else if (trade.Side == AggressorSide.Unknown && trade.Quantity.Mantissa != 0)
        {
            IsSideUnknown = true;
        }
    }

    public void Merge(in CandleSum other)
    {
        if (other.IsEmpty)
        {
            return;
        }

        if (IsEmpty)
        {
            this = other;
            return;
        }

        if (other.FirstId < FirstId)
        {
            FirstId = other.FirstId;
            Open = other.Open;
        }

        if (other.LastId >= LastId)
        {
            LastId = other.LastId;
            Close = other.Close;
        }

        High = other.High > High ? other.High : High;
        Low = other.Low < Low ? other.Low : Low;
        Trades += other.Trades;
        Overflowed |= other.Overflowed;
        IsSideUnknown |= other.IsSideUnknown;
        IsMixed |= other.IsMixed;
        IsCountUnknown |= other.IsCountUnknown;
        AddTo(ref Volume, other.Volume);
        AddTo(ref QuoteVolume, other.QuoteVolume);
        AddTo(ref TakerBuyVolume, other.TakerBuyVolume);
    }

    /// <summary>Adds a closed candle of the venue that lies behind all that is in the sum.</summary>
    public void Append(in Candle row)
    {
        if (!HasAny)
        {
            (HasAny, Open, High, Low, FirstId) = (true, row.Open, row.High, row.Low, -1);
        }

        (High, Low) = (row.High > High ? row.High : High, row.Low < Low ? row.Low : Low);
        (Close, LastId) = (row.Close, -1);
        Trades += Math.Max(0, row.Trades);
        IsCountUnknown |= row.Trades < 0;
        IsSideUnknown |= row.TakerBuyVolume is null;
        AddTo(ref Volume, row.Volume);
        AddTo(ref QuoteVolume, row.QuoteVolume);
        AddTo(ref TakerBuyVolume, row.TakerBuyVolume ?? WideNumber.Zero);
    }

    /// <summary>
    /// Puts the venue's sum of a time before this one. Of what both count, which lies at the end of that time, the venue's holds: its
    /// extremes hold ours too, and the totals are counted off.
    /// </summary>
    /// <param name="past">The venue's sum.</param>
    /// <param name="both">Ours of what is counted by both.</param>
    public void Precede(in CandleSum past, in CandleSum both)
    {
        if (!HasAny)
        {
            this = past;
            return;
        }

        (Open, FirstId) = (past.Open, -1);
        High = past.High > High ? past.High : High;
        Low = past.Low < Low ? past.Low : Low;
        Trades += past.Trades - both.Trades;
        IsMixed = true;
        IsCountUnknown |= past.IsCountUnknown;
        IsSideUnknown |= past.IsSideUnknown;
        Replace(ref Volume, past.Volume, both.Volume);
        Replace(ref QuoteVolume, past.QuoteVolume, both.QuoteVolume);
        Replace(ref TakerBuyVolume, past.TakerBuyVolume, both.TakerBuyVolume);
    }

    private void Replace(ref WideNumber total, WideNumber summand, WideNumber less)
    {
        AddTo(ref total, summand);
        AddTo(ref total, new WideNumber(-less.Mantissa, less.Scale));
    }

    /// <summary>The venue counts anew: all that follows is later, whatever its id.</summary>
    public void ForgetIds() => FirstId = LastId = -1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddTo(ref WideNumber total, WideNumber summand) => Overflowed |= !WideNumber.TryAdd(total, summand, out total);
}
