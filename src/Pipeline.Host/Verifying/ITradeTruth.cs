using Pipeline.Core.Market;

namespace Pipeline.Host.Verifying;

/// <summary>Who knows which trades a venue has made.</summary>
internal interface ITradeTruth : IDisposable
{
    /// <summary>All trades whose ids lie in a range; what is told is bounded by ids.</summary>
    /// <param name="aggregates">The ids are those of aggregates.</param>
    Task<TruthTrades> ReadAsync(string instrument, string symbol, bool aggregates, IdRange ids, CancellationToken cancellation);

    /// <summary>All trades of a time, for instruments whose ids tell nothing of order; what is told is bounded by times.</summary>
    /// <param name="from">Microseconds; the first that is asked for.</param>
    /// <param name="to">The last.</param>
    Task<TruthTrades> ReadTimesAsync(string instrument, string symbol, long from, long to, CancellationToken cancellation);
}
