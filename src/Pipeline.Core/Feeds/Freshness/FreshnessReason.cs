namespace Pipeline.Core.Feeds.Freshness;

/// <summary>Why a stream is in its state, as records, metrics and logs say it.</summary>
public static class FreshnessReason
{
    public const string Requested = "requested";
    public const string NoData = "no-data";
    public const string FirstData = "first-data";
    public const string DataResumed = "data-resumed";
    public const string Resumed = "resumed";
    public const string UpToDate = "probe-up-to-date";
    public const string Behind = "probe-behind";
    public const string NoProbe = "no-probe";
    public const string Unproven = "unproven";
    public const string Silent = "silent";
    public const string Late = "late";
    public const string Disconnected = "disconnected";
    public const string NoRoom = "no-room";
    public const string Refused = "refused";
    public const string GivenUp = "given-up";
    public const string Unsubscribed = "unsubscribed";
}
