namespace Pipeline.Core.Diagnostics;

/// <summary>
/// How one of several connections that carry the same streams did in one lane, counted over trades. Written by that lane alone, read by
/// anybody.
/// </summary>
internal sealed class LegFigures(string venue, string connection)
{
    private long _wins;
    private long _losses;

    public string Venue => venue;

    public string Connection => connection;

    /// <summary>Trades of which this leg brought the first copy.</summary>
    public long Wins => Volatile.Read(ref _wins);

    /// <summary>Ids that its own row of an instrument's ids left out.</summary>
    public long Losses => Volatile.Read(ref _losses);

    /// <summary>How long after it another leg brought the same trade.</summary>
    public LeadHistogram Lead { get; } = new();

    public void Win() => Volatile.Write(ref _wins, _wins + 1);

    public void Lose(long ids) => Volatile.Write(ref _losses, _losses + ids);
}
