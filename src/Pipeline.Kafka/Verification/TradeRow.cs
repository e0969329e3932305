using Pipeline.Core.Market;

namespace Pipeline.Kafka.Verification;

/// <summary>What the proofs need of a record of <c>md.trades</c>.</summary>
/// <param name="Fills">Fills that it stands for; -1 where the record does not say.</param>
public readonly record struct TradeRow(
    long FirstId, long Id, Number Price, Number Quantity, AggressorSide Side, int Fills, long EventTime, TradeSource Source);
