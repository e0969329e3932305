using System.ComponentModel;

namespace Pipeline.Gateway.Http.Bodies;

/// <summary>A stream that does not come as it should, or a collector that does not report.</summary>
internal sealed record UnwellStreamBody(
    [property: Description("Such as binance:BTC-USDT:trade.")] string Stream,
    [property: Description("stale or paused; silent of a collector.")] string State,
    [property: Description("Why.")] string Reason,
    [property: Description("Since when; microseconds since the Unix epoch, UTC.")] long Since,
    [property: Description("How long, seconds.")] long Seconds)
{
    public string ToText() => $"{Stream}: {State} for {Seconds} s ({Reason})";
}
