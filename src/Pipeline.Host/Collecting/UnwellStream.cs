namespace Pipeline.Host.Collecting;

/// <summary>A stream that does not come as it should.</summary>
/// <param name="Stream">Such as <c>binance:BTC-USDT:trade</c>; the venue's name, <c>binance btcusdt@trade</c>, where it was never subscribed to.</param>
/// <param name="State"><c>stale</c>, <c>paused</c>, <c>unplaced</c>, <c>unanswered</c>, <c>unconfirmed</c> or <c>refused</c>.</param>
/// <param name="Reason">Why, in words.</param>
internal sealed record UnwellStream(string Stream, string State, string Reason)
{
    public override string ToString() => $"{Stream}: {State} ({Reason})";
}
