using Pipeline.Core.Market;

namespace Pipeline.Host.Verifying;

/// <summary>Who knows which trades a venue has made.</summary>
internal interface ITradeTruth : IDisposable
{
    /// <summary>
    /// All trades whose ids lie in a range, oldest first, and the oldest id that is kept; <see cref="long.MaxValue"/> when nothing of the
    /// range is told.
    /// </summary>
    /// <param name="aggregates">The ids are those of aggregates.</param>
    Task<(long OldestId, List<TruthTrade> Trades)> ReadAsync(
        string instrument, string symbol, bool aggregates, IdRange ids, CancellationToken cancellation);
}
