namespace Pipeline.Simulator.Binance.Rest;

/// <summary>What became of a request's weight.</summary>
/// <param name="Used">Weight used in this minute, this request included.</param>
/// <param name="Wait">Microseconds until requests are welcome again.</param>
/// <param name="BannedUntil">Microseconds since the Unix epoch; 0 = not banned.</param>
internal readonly record struct RestCharge(int Used, RestVerdict Verdict, long Wait, long BannedUntil);
