namespace Pipeline.EndToEndTests.Load;

/// <summary>A trade or final candle as a client got it.</summary>
/// <param name="Id">See <see cref="Trail.IdOf"/>.</param>
/// <param name="Port">Of the gateway that sent it.</param>
internal readonly record struct TrailRecord(long Seq, long Id, int Port);
