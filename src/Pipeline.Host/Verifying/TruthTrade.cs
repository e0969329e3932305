using Pipeline.Core.Market;

namespace Pipeline.Host.Verifying;

/// <summary>A trade as the venue says it made it.</summary>
/// <param name="AggregateId">Id of the aggregate that it belongs to.</param>
/// <param name="Time">Microseconds since the Unix epoch, UTC.</param>
/// <param name="IsMarket">False for what the venue counts among its trades and is none.</param>
internal readonly record struct TruthTrade(long Id, long AggregateId, Number Price, Number Quantity, AggressorSide Side, long Time, bool IsMarket);
