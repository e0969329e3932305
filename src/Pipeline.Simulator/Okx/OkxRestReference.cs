using System.Text;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Okx;

/// <summary>Rows of <c>/api/v5/public</c>. Called while the world stands still.</summary>
internal static class OkxRestReference
{
    // 2021-01-01T00:00:00Z; nothing depends on it.
    private const long ListTime = 1_609_459_200_000;

    public static void Time(FrameBuilder frame, OkxQuery query, long now) =>
        frame.Text("{\"ts\":\""u8).Integer(now / UnixTime.Millisecond).Text("\"}"u8);

    public static void Instruments(FrameBuilder frame, OkxQuery query, long now) =>
        OkxRestMarket.Rows(frame, query.Instruments(), instrument => Instrument(frame, instrument));

    public static void FundingRate(FrameBuilder frame, OkxQuery query, long now) =>
        OkxSwapPayload.FundingRate(frame, Swap(query.Instrument()), now);

    public static void MarkPrice(FrameBuilder frame, OkxQuery query, long now) =>
        OkxRestMarket.Rows(frame, Swaps(query), swap => OkxSwapPayload.MarkPrice(frame, swap, now));

    public static void OpenInterest(FrameBuilder frame, OkxQuery query, long now) =>
        OkxRestMarket.Rows(frame, Swaps(query), swap => OkxSwapPayload.OpenInterest(frame, swap, now));

    private static IEnumerable<OkxInstrument> Swaps(OkxQuery query) =>
        query.Instruments().Where(instrument => instrument.Spec.IsPerpetual);

    private static OkxInstrument Swap(OkxInstrument instrument) =>
        instrument.Spec.IsPerpetual ? instrument : throw OkxRestException.NoInstrument();

    private static void Instrument(FrameBuilder frame, OkxInstrument instrument)
    {
        var spec = instrument.Spec;
        var swap = spec.IsPerpetual;
        var coin = Encoding.UTF8.GetBytes(spec.Base.ToUpperInvariant());
        var quote = Encoding.UTF8.GetBytes(spec.Quote.ToUpperInvariant());
        var family = Encoding.UTF8.GetBytes(swap ? instrument.Family : "");
        var lot = OkxPayload.Size(instrument, spec.QuantityStep);
        frame.Text("{\"instType\":\""u8).Text(OkxPayload.InstrumentType(instrument)).Text("\",\"instId\":\""u8).Text(instrument.Id)
            .Text("\",\"instIdCode\":"u8).Integer(10_000 + spec.Index)
            .Text(",\"uly\":\""u8).Text(family).Text("\",\"instFamily\":\""u8).Text(family)
            .Text("\",\"category\":\"1\",\"baseCcy\":\""u8).Text(swap ? default : coin)
            .Text("\",\"quoteCcy\":\""u8).Text(swap ? default : quote)
            .Text("\",\"settleCcy\":\""u8).Text(swap ? quote : default)
            .Text("\",\"ctVal\":\""u8);
        if (swap)
        {
            frame.Trimmed(instrument.ContractValue);
        }

        frame.Text("\",\"ctMult\":\""u8).Text(swap ? "1"u8 : default).Text("\",\"ctValCcy\":\""u8).Text(swap ? coin : default)
            .Text("\",\"optType\":\"\",\"stk\":\"\",\"listTime\":\""u8).Integer(ListTime)
            .Text("\",\"auctionEndTime\":\"\",\"contTdSwTime\":\"\",\"openType\":\"\",\"expTime\":\"\",\"lever\":\""u8)
            .Text(swap ? "100"u8 : "10"u8)
            .Text("\",\"tickSz\":\""u8).Trimmed(spec.PriceStep).Text("\",\"lotSz\":\""u8).Trimmed(lot)
            .Text("\",\"minSz\":\""u8).Trimmed(lot)
            .Text("\",\"ctType\":\""u8).Text(swap ? "linear"u8 : default)
            .Text("\",\"alias\":\"\",\"state\":\"live\",\"ruleType\":\"normal\""u8)
            .Text(",\"maxLmtSz\":\"999999999\",\"maxMktSz\":\"999999999\",\"maxLmtAmt\":\"20000000\",\"maxMktAmt\":\"20000000\""u8)
            .Text(",\"maxTwapSz\":\"999999999\",\"maxIcebergSz\":\"999999999\",\"maxTriggerSz\":\"999999999\""u8)
            .Text(",\"maxStopSz\":\"999999999\"}"u8);
    }
}
