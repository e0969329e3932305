using Pipeline.Core.Market;

namespace Pipeline.Kafka.Verification;

/// <summary>Everything that is proved of one instrument.</summary>
internal sealed class InstrumentProof
{
    private const long SweepStep = 1_000_000;

    private readonly InstrumentScope _scope;
    private readonly GapLedger _ledger;
    private readonly HoleJudge _judge;
    private readonly RecentIdSet? _recent;
    private readonly List<(long From, long To)> _unreadTimes = [];
    private bool _isCut;
    private long _firstTime = -1;
    private long _nextSweep = long.MinValue;

    public InstrumentProof(InstrumentScope scope, Action<CandleSeriesProof, CandleWindow> keep)
    {
        _scope = scope;
        Coverage = new IdCoverage(scope);
        _ledger = new GapLedger(scope);
        _judge = new HoleJudge(scope, _ledger);
        Candles = new CandleProof(scope, Coverage, TouchOf, keep);
        _recent = scope.Rules.Ids == IdDiscipline.Unordered ? new RecentIdSet(scope.Options.MaxRecentIds) : null;
    }

    public InstrumentScope Scope => _scope;

    public IdCoverage Coverage { get; }

    public GapLedger Ledger => _ledger;

    public CandleProof Candles { get; }

    /// <summary>Null where ids tell of holes, and before the first trade.</summary>
    public UnorderedTrades? Unordered => _recent is null || _firstTime < 0 ? null : new UnorderedTrades(_scope.Key, _firstTime, Coverage.LastTime, Excused());

    /// <summary>The venue has told all trades of the time.</summary>
    public bool IsProvenByTime { get; set; }

    public void Add(in TradeRow row, long offset)
    {
        var counts = _recent is null ? Coverage.Add(row, offset) : AddUnordered(row, offset);
        if (!counts)
        {
            return;
        }

        _scope.Options.Witness?.Invoke(_scope.Key, row);
        if (_scope.Options.Candles)
        {
            Candles.Fold(row);
        }
    }

    public void Add(GapRow row, long offset)
    {
        _ledger.Add(row, offset);
        if (row.State == GapState.Reset)
        {
            Coverage.ResetAt(row.TradesOffset);
        }
        else if (row is { IsOpen: true, IsTime: false })
        {
            // What is asked for again is judged again once that has ended.
            Reopen(Coverage.Holes, row);
            Reopen(Coverage.EarlierHoles, row);
        }
    }

    /// <summary>Trades were deleted before they were read.</summary>
    public void Cut()
    {
        Coverage.Cut();
        _isCut = true;
    }

    /// <summary>Judges what is settled, once in a second of the instrument's time.</summary>
    public void SweepWhenDue(long tradesPosition)
    {
        if (Coverage.LastTime >= _nextSweep)
        {
            _nextSweep = Coverage.LastTime + SweepStep;
            Sweep(tradesPosition);
        }
    }

    private void Sweep(long tradesPosition)
    {
        Judge(Coverage.Holes, isEnd: false, tradesPosition);
        Judge(Coverage.EarlierHoles, isEnd: false, tradesPosition);
        _ledger.Prune(Coverage.Holes.Count == 0 ? Coverage.Frontier : Coverage.Holes[0].Range.First, tradesPosition);
        Candles.Sweep();
    }

    /// <summary>Nothing more will be read.</summary>
    public void Finish(long tradesPosition)
    {
        Judge(Coverage.Holes, isEnd: true, tradesPosition);
        Judge(Coverage.EarlierHoles, isEnd: true, tradesPosition);
        _ledger.Finish(tradesPosition);
        foreach (var gap in _ledger.Times.Where(gap => gap.Row.State == GapState.Abandoned))
        {
            _scope.OfGaps(FindingKind.Abandoned, gap.Offset, $"{gap.Row}: its trades were given up: {gap.Row.Reason}");
        }

        Candles.Finish();
    }

    /// <summary>Ids that the trades lack though the ledger does not say that they were given up, or still asked for; for asking the venue.</summary>
    public IEnumerable<IdRange> Missing()
    {
        List<IdRange> told = [.. _ledger.All.Where(gap => gap.Row.State is GapState.Open or GapState.Abandoned).SelectMany(gap => gap.Row.Missing)];
        return Coverage.EarlierHoles.Concat(Coverage.Holes).Where(hole => !hole.IsUnread).SelectMany(hole => IdRanges.Subtract(hole.Missing, told));
    }

    private static void Reopen(List<IdHole> holes, GapRow row)
    {
        foreach (var hole in holes)
        {
            hole.IsJudged &= row.ToId < hole.Range.First || row.FromId > hole.Range.Last;
        }
    }

    private List<(long From, long To)> Excused() =>
    [
        .. _ledger.Times.Where(gap => gap.Row.State is GapState.Open or GapState.Abandoned)
            .Select(gap => (gap.Row.FromTime, gap.Row.ToTime == 0 ? long.MaxValue : gap.Row.ToTime)),
        .. _unreadTimes,
    ];

    private bool AddUnordered(in TradeRow row, long offset)
    {
        if (_isCut)
        {
            _isCut = false;
            _unreadTimes.Add((Coverage.LastTime, row.EventTime));
        }

        if (!_recent!.Add(row.Id))
        {
            _scope.OfTrades(FindingKind.Duplicate, offset, $"trade {row.Id} was there before");
            return false;
        }

        _firstTime = _firstTime < 0 ? row.EventTime : _firstTime;
        Coverage.Note(row);
        return true;
    }

    private void Judge(List<IdHole> holes, bool isEnd, long tradesPosition)
    {
        var due = Coverage.LastTime - _scope.Options.SettleTime;
        for (var i = holes.Count - 1; i >= 0; i--)
        {
            var hole = holes[i];
            if (!hole.IsJudged && _judge.TryJudge(hole, isEnd || hole.ToTime < due, isEnd, tradesPosition))
            {
                hole.IsJudged = true;

                // What is missing for good must not be called complete, and is asked of the venue.
                if (hole.Missing.Count == 0)
                {
                    holes.RemoveAt(i);
                }
            }
        }
    }

    private LossTouch TouchOf(CandleWindow window)
    {
        var touch = LossTouch.None;
        foreach (var hole in Coverage.Holes.Concat(Coverage.EarlierHoles))
        {
            if (hole.FromTime < window.CloseTime && hole.ToTime >= window.OpenTime)
            {
                touch = Worst(touch, hole);
            }
        }

        foreach (var gap in _ledger.Times)
        {
            if (gap.Row.FromTime < window.CloseTime && gap.Row.ToTime >= window.OpenTime && gap.Row.State == GapState.Abandoned)
            {
                touch = LossTouch.Lost;
            }
        }

        return _unreadTimes.Exists(time => time.From < window.CloseTime && time.To >= window.OpenTime) && touch < LossTouch.Unread ? LossTouch.Unread : touch;
    }

    private static LossTouch Worst(LossTouch touch, IdHole hole)
    {
        var own = hole.Missing.Count == 0 ? LossTouch.None
            : hole.IsUnread ? LossTouch.Unread
            : !hole.IsJudged ? LossTouch.Open
            : hole.IsLost ? LossTouch.Lost
            : LossTouch.None;
        return own > touch ? own : touch;
    }
}
