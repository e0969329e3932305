using Pipeline.Core.Audit;
using Pipeline.Core.Market;

namespace Pipeline.Tests.Audit;

/// <summary>An audit, a clock that the test moves, and candles of one instrument.</summary>
internal sealed class AuditWorld(bool hasIds = true, AuditLimits? limits = null)
{
    public const long Second = 1_000_000;
    public const long Minute = 60 * Second;

    /// <summary>Opening time of the window that tests are about.</summary>
    public const long Open = 1_794_900_000_000_000;

    public static readonly CandleInterval OneMinute = CandleInterval.Parse("1m");

    public Instrument Instrument { get; } =
        new(0, "binance", "BTC-USDT", "BTCUSDT", SequenceRules.Default with { HasCandleIds = hasIds });

    public CandleAudit Audit { get; } = new(limits ?? new AuditLimits());

    public long Now { get; private set; } = Open + Minute;

    /// <summary>What was found since it was asked last, one text each.</summary>
    public IReadOnlyList<string> Found => [.. Take().Select(Text)];

    public static string Text(AuditFinding finding) =>
        $"{AuditNames.Of(finding.Cause)}{(finding.Agrees ? " agrees" : "")}: " + string.Join(
            ", ",
            finding.Differences.Select(one =>
                $"{AuditNames.Of(one.Field)} {one.Ours ?? "none"}/{one.Venue}{(one.Before is null ? "" : $" was {one.Before}")}"));

    public IReadOnlyList<AuditFinding> Take()
    {
        AuditFinding[] found = [.. Audit.Findings];
        Audit.ClearFindings();
        return found;
    }

    /// <summary>One hundred trades, ids 1000 to 1099.</summary>
    public Candle Ours(long open = Open) => new(
        Instrument,
        OneMinute,
        open,
        Number.Parse("100"),
        Number.Parse("110"),
        Number.Parse("90"),
        Number.Parse("105"),
        Number.Parse("50"),
        Number.Parse("5000.5"),
        Number.Parse("20"),
        Trades: 100,
        FirstId: 1000,
        LastId: 1099,
        CandleState.Final,
        Revision: 0,
        Complete: true,
        Updates: 1,
        CandleSource.Trades,
        ReceivedTime: open + Minute);

    public Candle Venue(long open = Open) => Ours(open) with { Source = CandleSource.Venue };

    public Gap Gap(GapState state, long fromId = 1010, long toId = 1019, long fromTime = Open + (5 * Second), long toTime = Open + (6 * Second)) => new(
        Instrument,
        fromId,
        toId,
        state,
        "stream",
        state == GapState.Repaired || fromId < 0 ? [] : [new IdRange(fromId, toId)],
        Series: 0,
        fromTime,
        toTime,
        OpenedTime: Open + (7 * Second),
        UpdatedTime: Now,
        IsAnnounced: true);

    public void Add(params Candle[] candles)
    {
        foreach (var candle in candles)
        {
            Audit.Add(candle, Now);
        }
    }

    public void Add(in Gap gap) => Audit.Add(gap, Now);

    /// <summary>Moves the clock, and tells what is due.</summary>
    public void Pass(double seconds = 30)
    {
        Now += (long)(seconds * Second);
        Audit.Tick(Now);
    }
}
