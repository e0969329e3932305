namespace Pipeline.Core.Market;

/// <summary>Why a hole came about, or was given up, as <see cref="Gap.Reason"/> says it.</summary>
public static class GapReason
{
    /// <summary>The stream itself left ids out.</summary>
    public const string Stream = "stream";

    /// <summary>Nobody listened for a while.</summary>
    public const string Disconnected = "disconnected";

    /// <summary>This process was not running.</summary>
    public const string Restart = "restart";

    /// <summary>A row stood for ids of which some had gone on already.</summary>
    public const string Overlap = "overlap";

    /// <summary>The venue counts anew.</summary>
    public const string Reset = "reset";

    /// <summary>Given up by age.</summary>
    public const string TooOld = "too-old";

    /// <summary>The venue refuses to tell.</summary>
    public const string RestRefused = "rest-refused";

    /// <summary>More holes than are kept.</summary>
    public const string TooMany = "too-many";

    /// <summary>There is nobody to ask, or what is missing is not to be had any more.</summary>
    public const string NotRepairable = "not-repairable";

    /// <summary>The venue had nothing, and its candle counts it: asked for anew.</summary>
    public const string Audit = "audit";

    /// <summary>The instrument is not taken any more.</summary>
    public const string Unsubscribed = "unsubscribed";
}
