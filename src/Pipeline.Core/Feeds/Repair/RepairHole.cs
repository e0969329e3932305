using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds.Repair;

/// <summary>One hole that is being asked for: what is to be asked next, and what an answer proves. Times in microseconds.</summary>
internal sealed class RepairHole(RepairRequest request, RepairOptions options)
{
    private readonly long _minBackoff = MarketTime.From(options.MinBackoff);
    private readonly long _maxBackoff = MarketTime.From(options.MaxBackoff);
    private long _answeredTo = -1;
    private long _backoff;

    public RepairRequest Request { get; private set; } = request;

    public Instrument Instrument => Request.Instrument;

    /// <summary>When it may be asked for.</summary>
    public long Due { get; private set; } = request.OpenedTime;

    /// <summary>Nobody waits for it any more.</summary>
    public bool IsForgotten { get; set; }

    /// <summary>Ids say nothing of it: the venue's newest page is asked for.</summary>
    public bool IsTime => Request.Missing.Count == 0;

    /// <summary>First id to be asked for.</summary>
    public long NextId
    {
        get
        {
            foreach (var range in Request.Missing)
            {
                if (range.Last > _answeredTo)
                {
                    return Math.Max(range.First, _answeredTo + 1);
                }
            }

            return LastId;
        }
    }

    private long LastId => Request.Missing[^1].Last;

    /// <summary>Rows worth asking for: those missing, and the one above that proves that no other is.</summary>
    public int Rows
    {
        get
        {
            if (IsTime)
            {
                return options.PageSize;
            }

            var next = NextId;
            var end = LastId;
            if (end - next + 2 > options.PageSize)
            {
                // A page does not reach the last piece: it need not go beyond the one it begins in.
                foreach (var range in Request.Missing)
                {
                    if (range.Last >= next)
                    {
                        end = range.Last;
                        break;
                    }
                }
            }

            return (int)Math.Min(options.PageSize, end - next + 2);
        }
    }

    public void Replace(RepairRequest asked)
    {
        Request = asked;
        IsForgotten = false;
    }

    public bool IsTooOld(long now) => now - Request.OpenedTime > MarketTime.From(options.MaxAge);

    /// <summary>What the page says; it is to be asked again unless the outcome is the last.</summary>
    public RepairAnswer Take(in RepairPage page, long now)
    {
        if (IsTime)
        {
            return TakeNewest(page, now);
        }

        if (page.MaxId < NextId)
        {
            // Nothing at all, or less than it is asked for: it has not got that far yet. Only an id above proves an absence.
            return Retry(now, "rest-behind");
        }

        _backoff = 0;
        _answeredTo = page.MaxId;
        Due = now;
        return Answer(_answeredTo >= LastId ? RepairOutcome.Done : RepairOutcome.Page);
    }

    public RepairAnswer Retry(long now, string reason)
    {
        _backoff = Math.Clamp(_backoff * 2, _minBackoff, _maxBackoff);
        Due = now + _backoff;
        return Answer(RepairOutcome.Retrying, reason);
    }

    public RepairAnswer GiveUp(string reason) => Answer(RepairOutcome.Abandoned, reason);

    private RepairAnswer TakeNewest(in RepairPage page, long now)
    {
        if (page.Rows == 0 || page.NewestTime < Request.ToTime)
        {
            return Retry(now, "rest-behind");
        }

        return page.OldestTime <= Request.FromTime ? Answer(RepairOutcome.Done) : GiveUp(GapReason.NotRepairable);
    }

    private RepairAnswer Answer(RepairOutcome outcome, string reason = "") =>
        new(Instrument, Request.FromId, _answeredTo < 0 ? -1 : _answeredTo - 1, outcome, reason);
}
