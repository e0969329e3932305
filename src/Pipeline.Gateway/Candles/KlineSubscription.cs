namespace Pipeline.Gateway.Candles;

/// <summary>What a client asked for, in its own words.</summary>
/// <param name="Id">JSON of the subscription's id: the client's, or ours.</param>
internal sealed record KlineSubscription(string Symbol, string Interval, byte[] Id, KlineRoom Room);
