using System.Text;

namespace Pipeline.Kafka.Verification;

/// <summary>Severity and name of each kind of finding.</summary>
public static class FindingKinds
{
    private static readonly string[] Names = [.. Enum.GetNames<FindingKind>().Select(Hyphenate)];

    public static FindingSeverity SeverityOf(FindingKind kind) => kind switch
    {
        FindingKind.StaleEpoch or FindingKind.VenueSilent or FindingKind.CountNotCompared
            or FindingKind.NotJudged => FindingSeverity.Note,
        FindingKind.Abandoned or FindingKind.CandleLacks => FindingSeverity.AnnouncedLoss,
        FindingKind.DeletedBeforeRead or FindingKind.NotReadToEnd or FindingKind.NoTopic or FindingKind.StillOpen
            or FindingKind.BeforeFirstTrade or FindingKind.IncompleteDiffers or FindingKind.Unsettled or FindingKind.Forgotten
            or FindingKind.UnorderedIds or FindingKind.VenueForgot or FindingKind.VenueBehind or FindingKind.VenueUnclear
            or FindingKind.NothingRead or FindingKind.OffMarketIds => FindingSeverity.CannotProve,
        _ => FindingSeverity.Contradiction,
    };

    /// <summary>Such as <c>out-of-order</c>.</summary>
    public static string NameOf(FindingKind kind) => Names[(int)kind];

    private static string Hyphenate(string name)
    {
        var text = new StringBuilder();
        foreach (var c in name)
        {
            text.Append(char.IsAsciiLetterUpper(c) && text.Length > 0 ? "-" : "").Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
