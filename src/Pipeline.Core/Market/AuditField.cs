namespace Pipeline.Core.Market;

/// <summary>What is compared of a candle, in the order in which differences are told.</summary>
public enum AuditField : byte
{
    Open,
    High,
    Low,
    Close,
    Volume,
    QuoteVolume,
    TakerBuyVolume,
    Trades,
    FirstId,
    LastId,
}
