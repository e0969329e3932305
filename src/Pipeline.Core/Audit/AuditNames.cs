using Pipeline.Core.Market;

namespace Pipeline.Core.Audit;

/// <summary>How causes and fields are called in records, figures and tables.</summary>
public static class AuditNames
{
    public static string Of(AuditCause cause) => cause switch
    {
        AuditCause.VenueDiffers => "venue-differs",
        AuditCause.VenueCorrected => "venue-corrected",
        AuditCause.OurHole => "our-hole",
        AuditCause.Withheld => "withheld",
        AuditCause.LateTrade => "late-trade",
        AuditCause.PartialStart => "partial-start",
        _ => "missing",
    };

    /// <summary>As in the records of candles.</summary>
    public static string Of(AuditField field) => field switch
    {
        AuditField.Open => "open",
        AuditField.High => "high",
        AuditField.Low => "low",
        AuditField.Close => "close",
        AuditField.Volume => "volume",
        AuditField.QuoteVolume => "quoteVolume",
        AuditField.TakerBuyVolume => "takerBuyVolume",
        AuditField.Trades => "trades",
        AuditField.FirstId => "firstId",
        _ => "lastId",
    };
}
