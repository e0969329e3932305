using Pipeline.Core.Market;

namespace Pipeline.Core.Books;

/// <summary>
/// Over which socket an update came; see <see cref="MarketBatch.Socket"/>, <see cref="MarketBatch.Series"/> and
/// <see cref="MarketBatch.Legs"/>.
/// </summary>
internal readonly record struct BookOrigin(long Socket, long Series, int Legs)
{
    public static BookOrigin Of(MarketBatch batch) => new(batch.Socket, batch.Series, batch.Legs);
}
