using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Okx;

/// <summary>Rows that only swaps and their indices have.</summary>
internal static class OkxSwapPayload
{
    // Per eight hours, in units of FixedPoint: 0.01 % interest, and a bound of 0.375 % either way.
    private const long InterestRate = 10_000;
    private const long LargestRate = 375_000;

    public static void MarkPrice(FrameBuilder frame, OkxInstrument swap, long now)
    {
        frame.Text("{\"instType\":\"SWAP\",\"instId\":\""u8).Text(swap.Id).Text("\",\"markPx\":\""u8).Trimmed(swap.ReferencePrice);
        OkxPayload.Time(frame, now);
    }

    public static void IndexTicker(FrameBuilder frame, OkxInstrument spot, long now)
    {
        var day = spot.Engine.Statistics(now);
        frame.Text("{\"instId\":\""u8).Text(spot.Id).Text("\",\"idxPx\":\""u8).Trimmed(spot.ReferencePrice)
            .Text("\",\"high24h\":\""u8).Trimmed(day.Bar.High).Text("\",\"low24h\":\""u8).Trimmed(day.Bar.Low)
            .Text("\",\"open24h\":\""u8).Trimmed(day.Bar.Open)
            .Text("\",\"sodUtc0\":\""u8).Trimmed(DayOpen(spot, "1Dutc")).Text("\",\"sodUtc8\":\""u8).Trimmed(DayOpen(spot, "1D"));
        OkxPayload.Time(frame, now);
    }

    public static void FundingRate(FrameBuilder frame, OkxInstrument swap, long now)
    {
        var state = swap.Engine.Perpetual!;
        var next = state.NextFundingTime;
        var premium = (long)((state.MarkPrice - state.IndexPrice) * (Int128)FixedPoint.One / state.IndexPrice);
        var paid = state.Fundings.Count == 0 ? InterestRate : state.Fundings.Last().Rate;
        frame.Text("{\"instType\":\"SWAP\",\"instId\":\""u8).Text(swap.Id)
            .Text("\",\"method\":\"current_period\",\"formulaType\":\"withRate\",\"fundingRate\":\""u8)
            .Trimmed(Math.Clamp(state.FundingRate, -LargestRate, LargestRate))
            .Text("\",\"fundingTime\":\""u8).Integer(next / UnixTime.Millisecond)
            .Text("\",\"nextFundingRate\":\"\",\"nextFundingTime\":\""u8)
            .Integer((next + PerpetualState.FundingInterval) / UnixTime.Millisecond)
            .Text("\",\"minFundingRate\":\""u8).Trimmed(-LargestRate).Text("\",\"maxFundingRate\":\""u8).Trimmed(LargestRate)
            .Text("\",\"interestRate\":\""u8).Trimmed(InterestRate)
            .Text("\",\"impactValue\":\"20000\",\"premium\":\""u8).Trimmed(premium)
            .Text("\",\"settState\":\"settled\",\"settFundingRate\":\""u8).Trimmed(paid);
        OkxPayload.Time(frame, now);
    }

    public static void OpenInterest(FrameBuilder frame, OkxInstrument swap, long now)
    {
        var value = swap.OpenInterest * swap.ReferencePrice / FixedPoint.One;
        frame.Text("{\"instId\":\""u8).Text(swap.Id).Text("\",\"instType\":\"SWAP\",\"oi\":\""u8)
            .Trimmed(OkxPayload.Size(swap, swap.OpenInterest)).Text("\",\"oiCcy\":\""u8).Trimmed(swap.OpenInterest)
            .Text("\",\"oiUsd\":\""u8).Trimmed(value);
        OkxPayload.Time(frame, now);
    }

    /// <summary>The position of somebody whose order was taken for him: he sold what he had bought, or the other way round.</summary>
    public static void Liquidation(FrameBuilder frame, OkxInstrument swap, in Liquidation order)
    {
        var family = swap.Id.AsSpan(0, swap.Id.Length - OkxDialect.SwapSuffix.Length);
        frame.Text("{\"details\":[{\"bkLoss\":\"0\",\"bkPx\":\""u8).Trimmed(order.Price).Text("\",\"ccy\":\"\",\"posSide\":\""u8)
            .Text(order.TakerBuys ? "short"u8 : "long"u8).Text("\",\"side\":\""u8).Text(order.TakerBuys ? "buy"u8 : "sell"u8)
            .Text("\",\"sz\":\""u8).Trimmed(OkxPayload.Size(swap, order.Quantity));
        OkxPayload.Time(frame, order.Time);
        frame.Text("],\"instFamily\":\""u8).Text(family).Text("\",\"instId\":\""u8).Text(swap.Id)
            .Text("\",\"instType\":\"SWAP\",\"uly\":\""u8).Text(family).Text("\"}"u8);
    }

    private static long DayOpen(OkxInstrument instrument, string bar) => instrument.Engine.Klines.Forming(OkxBars.Series[bar]).Open;
}
