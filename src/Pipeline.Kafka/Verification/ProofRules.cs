using Pipeline.Core.Market;

namespace Pipeline.Kafka.Verification;

/// <summary>What a proof must know of an instrument beside its records.</summary>
public sealed record ProofRules
{
    /// <summary>How its ids hang together.</summary>
    public IdDiscipline Ids { get; init; } = IdDiscipline.Contiguous;

    /// <summary>Base currency in one unit of its quantities.</summary>
    public Number ContractSize { get; init; } = new(1, 0);

    /// <summary>False where a record may stand for several fills and does not say how many (Binance's aggregates).</summary>
    public bool CountsFills { get; init; } = true;

    /// <summary>True where the venue also gives ids to what is no trade (Binance futures' raw trades); those are not written.</summary>
    public bool HasOffMarketIds { get; init; }
}
