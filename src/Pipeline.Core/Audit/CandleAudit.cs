using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;

namespace Pipeline.Core.Audit;

/// <summary>
/// Compares our final and revised candles with the venues' own, field by field. Ours, the venues' and the holes may come in any order;
/// what differs is told when it has lasted for <see cref="AuditLimits.Patience"/>, and what agrees after having differed at once. What is
/// found is kept in <see cref="Findings"/> until it is taken. Not safe from several threads at once.
/// </summary>
public sealed class CandleAudit
{
    private readonly Dictionary<Instrument, (AuditGaps Gaps, AuditSeries?[] Series)> _instruments = [];
    private readonly PriorityQueue<(AuditSeries Series, AuditedCandle Candle), long> _due = new();
    private readonly List<AuditFinding> _findings = [];
    private readonly AuditLimits _limits;
    private readonly bool[] _isWanted;
    private readonly long _patience;

    private readonly PipelineMetrics? _metrics;

    /// <param name="metrics">Counts what is compared and what is found; null = nobody counts.</param>
    public CandleAudit(AuditLimits limits, PipelineMetrics? metrics = null)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limits.MostCandles);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limits.MostGaps);
        _limits = limits;
        _metrics = metrics;
        _patience = MarketTime.From(limits.Patience);
        _isWanted = [.. CandleInterval.All.Select(interval => limits.Intervals?.Contains(interval) ?? true)];
    }

    /// <summary>Told of each candle of ours that is let go without the venue's; null = nobody is.</summary>
    public Action<Candle>? OursAlone { get; init; }

    /// <summary>What was found since it was taken last, oldest first.</summary>
    public IReadOnlyList<AuditFinding> Findings => _findings;

    public AuditSummary Summary { get; } = new();

    /// <summary>Of each instrument and interval of ours the opening times of the first and the newest candle.</summary>
    public IReadOnlyList<(Instrument Instrument, CandleInterval Interval, long From, long To)> OurRanges =>
        [.. _instruments.Values.SelectMany(known => known.Series).Where(series => series?.OursTo > long.MinValue)
            .Select(series => (series!.Instrument, series.Interval, series.OursFrom, series.OursTo))];

    /// <summary>When a difference has lasted long enough, by the market clock; <see cref="long.MaxValue"/> when none is waited for.</summary>
    public long NextDeadline
    {
        get
        {
            SkipIdle();
            return _due.TryPeek(out _, out var due) ? due : AuditedCandle.Never;
        }
    }

    /// <summary>Takes what is in <see cref="Findings"/> for told.</summary>
    public void ClearFindings() => _findings.Clear();

    /// <summary>One of our candles or of the venue's; forming ones are passed over.</summary>
    public void Add(in Candle candle, long now)
    {
        if (candle.State == CandleState.Forming || !_isWanted[candle.Interval.Index])
        {
            return;
        }

        var series = SeriesOf(candle.Instrument, candle.Interval);
        var audited = series.Of(candle.OpenTime);
        var isVenue = candle.Source == CandleSource.Venue;
        if (!isVenue)
        {
            series.NoteOurs(candle.OpenTime);
        }

        if (isVenue ? audited.TakeVenue(candle, series.HasIds) : audited.TakeOurs(candle))
        {
            LookAt(series, audited, now);
        }

        while (series.Count > _limits.MostCandles)
        {
            GiveUp(series, series.RemoveOldest(), now);
        }
    }

    /// <summary>A hole of an instrument's trades, or what became of one: what it touches is judged anew.</summary>
    public void Add(in Gap gap, long now)
    {
        var (gaps, all) = Of(gap.Instrument);
        gaps.Note(gap);
        foreach (var series in all)
        {
            foreach (var candle in series?.Candles ?? [])
            {
                var closeTime = candle.OpenTime + series!.Interval.Microseconds;
                if (candle.Told is { Agrees: false } && AuditGaps.Touches(gap, candle.OpenTime, closeTime, candle.Venue, series.HasIds))
                {
                    Wait(series, candle, now);
                }
            }
        }
    }

    /// <summary>Tells what has differed for long enough.</summary>
    public void Tick(long now)
    {
        while (_due.TryPeek(out var next, out var due) && due <= now)
        {
            _due.Dequeue();
            if (IsWaiting(next.Candle, due))
            {
                Tell(next.Series, next.Candle, now);
            }
        }
    }

    /// <summary>Nothing more will come: tells what differs, and counts what has no counterpart.</summary>
    public void Finish(long now)
    {
        foreach (var (_, (_, all)) in _instruments)
        {
            foreach (var series in all)
            {
                while (series?.Count > 0)
                {
                    GiveUp(series, series.RemoveOldest(), now);
                }
            }
        }

        _instruments.Clear();
        _due.Clear();
    }

    /// <summary>Those of which anything is kept.</summary>
    public IEnumerable<Instrument> Known => _instruments.Keys;

    /// <summary>Lets go of an instrument; nothing is told of it any more.</summary>
    public void Forget(Instrument instrument)
    {
        if (_instruments.Remove(instrument, out var known))
        {
            foreach (var candle in known.Series.SelectMany(series => series?.Candles ?? []))
            {
                candle.IsGone = true;
            }
        }
    }

    private static bool IsWaiting(AuditedCandle candle, long due) => !candle.IsGone && candle.Deadline == due;

    private (AuditGaps Gaps, AuditSeries?[] Series) Of(Instrument instrument)
    {
        if (!_instruments.TryGetValue(instrument, out var known))
        {
            _instruments[instrument] = known = (new AuditGaps(_limits.MostGaps), new AuditSeries?[CandleInterval.All.Count]);
        }

        return known;
    }

    private AuditSeries SeriesOf(Instrument instrument, CandleInterval interval)
    {
        var (gaps, all) = Of(instrument);
        return all[interval.Index] ??= new AuditSeries(instrument, interval, gaps);
    }

    private void LookAt(AuditSeries series, AuditedCandle candle, long now)
    {
        if (candle.Venue is null)
        {
            return;
        }

        // Ours may be closed later than the venue's; a difference may be put right.
        var isSettled = candle is { Ours: { } ours, Venue: { } venue } && !AuditFields.AnyDiffers(ours, venue, series.HasIds);
        if (isSettled)
        {
            Tell(series, candle, now);
        }
        else
        {
            Wait(series, candle, now);
        }
    }

    private void Wait(AuditSeries series, AuditedCandle candle, long now)
    {
        if (candle.Deadline == AuditedCandle.Never)
        {
            candle.Deadline = now + _patience;
            _due.Enqueue((series, candle), candle.Deadline);
        }
    }

    private void Tell(AuditSeries series, AuditedCandle candle, long now)
    {
        candle.Deadline = AuditedCandle.Never;
        if (candle.Ours is null && !AuditJudge.IsMissing(series, candle))
        {
            Postpone(series, candle, now);
            return;
        }

        if (!candle.IsChecked)
        {
            candle.IsChecked = true;
            Summary.Checked++;
            _metrics?.AuditChecked(series.Instrument.Venue);
        }

        var finding = AuditJudge.Judge(series, candle, now);
        if (IsSame(finding, candle.Told))
        {
            return;
        }

        Summary.Replace(candle.Told, finding);
        candle.Told = finding;
        candle.HasAsked |= finding?.Lacking is not null;
        if (finding is not null)
        {
            _findings.Add(finding);
            _metrics?.AuditDiffering(series.Instrument.Venue, finding.Agrees ? "mended" : AuditNames.Of(finding.Cause));
        }
    }

    /// <summary>Ours have not come that far: as long as they may, it is looked at again.</summary>
    private void Postpone(AuditSeries series, AuditedCandle candle, long now)
    {
        if (!candle.IsGone && series.OursTo < candle.OpenTime)
        {
            Wait(series, candle, now);
        }
    }

    private void GiveUp(AuditSeries series, AuditedCandle candle, long now)
    {
        if (candle.Venue is null)
        {
            Summary.OursOnly++;
            OursAlone?.Invoke(candle.Ours!.Value);
        }
        else if (candle.Ours is null && !AuditJudge.IsMissing(series, candle))
        {
            Summary.VenueOnly++;
        }
        else if (candle.Deadline != AuditedCandle.Never)
        {
            Tell(series, candle, now);
        }
    }

    private void SkipIdle()
    {
        while (_due.TryPeek(out var next, out var due) && !IsWaiting(next.Candle, due))
        {
            _due.Dequeue();
        }
    }

    private static bool IsSame(AuditFinding? one, AuditFinding? other) =>
        ReferenceEquals(one, other)
        || (one is not null && other is not null && one.Cause == other.Cause && one.Agrees == other.Agrees
            && one.Differences.SequenceEqual(other.Differences));
}
