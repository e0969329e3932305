using System.Globalization;

namespace Pipeline.Core.Feeds.Pooling;

/// <summary>
/// Decides what becomes of a twin from what is known of it and of the leg it stands by. Plain logic; not thread-safe. Times are since any
/// fixed instant.
/// </summary>
internal sealed class TwinDecision(TwinPurpose purpose, WebSocketOptions options, TimeSpan startedAt)
{
    internal const string DataResumed = "data resumed on the connection";
    internal const string VenueSilent = "its replacement is silent too: the venue is";
    internal const string TwinMute = "its replacement brings no data";

    private bool _twinIsOpen;
    private bool _twinHasData;
    private bool _twinIsSilent;
    private bool _legHasData;
    private bool _legIsSilent = purpose == TwinPurpose.Stall;
    private bool _isSubscribed;
    private string? _failure;

    public TwinPurpose Purpose { get; private set; } = purpose;

    public TimeSpan StartedAt { get; } = startedAt;

    public Overlap Overlap { get; } = new(options.OverlapTimeout);

    /// <summary>Why it is given up; null while it is not.</summary>
    public string? Reason { get; private set; }

    /// <summary>Whether it was given up because there is nothing to be had on any socket.</summary>
    public bool IsVenueSilent => Reason == VenueSilent;

    /// <summary>When to look again if nothing happens; null when only an event can change anything.</summary>
    public TimeSpan? NextDue(TimeSpan now)
    {
        if (Purpose == TwinPurpose.Stall)
        {
            return null;
        }

        var due = Overlap.NextDue;
        var limit = StartedAt + options.ReplacementTimeout;
        due = now < limit && !(due < limit) ? limit : due;
        var silence = StartedAt + options.StallTimeout;
        return Purpose == TwinPurpose.Suspicion && now < silence && !(due < silence) ? silence : due;
    }

    /// <summary>The twin's socket is open; until then it carries nothing, not even where there is nothing to carry.</summary>
    public void TwinOpened() => _twinIsOpen = true;

    /// <summary>The twin's socket brought data, and did not only answer.</summary>
    public void TwinData()
    {
        _twinHasData = true;
        _twinIsSilent = false;
    }

    /// <summary>The twin should have brought data by now, after the first acknowledgement.</summary>
    public void TwinSilent() => _twinIsSilent = true;

    /// <summary>The twin lost its socket and opens another one.</summary>
    public void TwinLost()
    {
        _twinIsOpen = false;
        _twinHasData = false;
        _twinIsSilent = false;
        _isSubscribed = false;
        Overlap.Reset();
    }

    public void TwinFailed(string reason) => _failure = reason;

    /// <summary>The leg brought data since the twin was opened, or since its silence was told.</summary>
    public void LegData() => _legHasData = true;

    /// <summary>The leg that was to be rotated fell silent meanwhile: now the twin's data is enough.</summary>
    public void LegSilent()
    {
        _legHasData = false;
        _legIsSilent = true;
        if (Purpose == TwinPurpose.Rotation)
        {
            Purpose = TwinPurpose.Suspicion;
        }
    }

    public TwinVerdict Decide(TimeSpan now)
    {
        if (_failure is { } failure)
        {
            return GiveUp(failure);
        }

        if (Purpose != TwinPurpose.Rotation)
        {
            // One that others suspect may well be alive: its frames and the twin's flow side by side, so that nothing is lost by a look.
            if (_twinHasData && !_legHasData && (_legIsSilent || now >= StartedAt + options.StallTimeout))
            {
                return TwinVerdict.Switch;
            }

            if (Purpose == TwinPurpose.Stall && _legHasData)
            {
                return GiveUp(DataResumed);
            }

            if (_twinIsSilent)
            {
                return GiveUp(_legHasData ? TwinMute : VenueSilent);
            }

            if (Purpose == TwinPurpose.Stall)
            {
                return TwinVerdict.Wait;
            }
        }

        // What the leg alone brought before the twin was subscribed says nothing against the twin.
        if (Overlap.IsSubscribed && !_isSubscribed)
        {
            _isSubscribed = true;
            _legHasData &= Purpose != TwinPurpose.Rotation;
        }

        if (_twinIsOpen && Overlap.IsDone && (_twinHasData || !_legHasData))
        {
            return TwinVerdict.Switch;
        }

        // Streams whose time runs may use it up; whatever else is missing has had its time.
        var isWaiting = Overlap.IsSubscribed && !Overlap.IsDone;
        return now >= StartedAt + options.ReplacementTimeout && !isWaiting ? GiveUp(Describe()) : TwinVerdict.Wait;
    }

    private TwinVerdict GiveUp(string reason)
    {
        Reason = reason;
        return TwinVerdict.GiveUp;
    }

    private string Describe() => this switch
    {
        { Overlap: { IsSubscribed: true } } => TwinMute,
        { Overlap: { Refused: > 0 and var refused } } => Text($"the venue refused {refused} streams to its replacement"),
        _ => Text($"{Overlap.Unanswered} streams not subscribed within {options.ReplacementTimeout.TotalSeconds:0.###} s"),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
