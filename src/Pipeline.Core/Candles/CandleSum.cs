using System.Runtime.CompilerServices;
using Pipeline.Core.Market;

namespace Pipeline.Core.Candles;

/// <summary>
/// Open, high, low, close and totals of a set of trades. Which trade opened and which closed is decided by id. Where ids say
/// nothing of order, and among prices, which have none, it is the order of adding, and the sum has no ids: -1.
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

    public bool HasAny;

    public readonly bool IsEmpty => !HasAny;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(in Trade trade, bool isOrderedById)
    {
        if (!HasAny)
        {
            HasAny = true;
            Open = High = Low = trade.Price;
            FirstId = isOrderedById ? trade.FirstId : -1;
        }
        else if (trade.Price > High)
        {
            High = trade.Price;
        }
        else if (trade.Price < Low)
        {
            Low = trade.Price;
        }

        Close = trade.Price;
        LastId = isOrderedById ? trade.Id : -1;
        Trades += trade.Fills;
        var quantity = WideNumber.From(trade.Quantity);
        AddTo(ref Volume, quantity);
        AddTo(ref QuoteVolume, WideNumber.Multiply(trade.Price, trade.Quantity));
        if (trade.Side == AggressorSide.Buy)
        {
            AddTo(ref TakerBuyVolume, quantity);
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

        if (other.LastId > LastId || other.LastId < 0)
        {
            LastId = other.LastId;
            Close = other.Close;
        }

        High = other.High > High ? other.High : High;
        Low = other.Low < Low ? other.Low : Low;
        Trades += other.Trades;
        Overflowed |= other.Overflowed;
        AddTo(ref Volume, other.Volume);
        AddTo(ref QuoteVolume, other.QuoteVolume);
        AddTo(ref TakerBuyVolume, other.TakerBuyVolume);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddTo(ref WideNumber total, WideNumber summand) => Overflowed |= !WideNumber.TryAdd(total, summand, out total);
}
