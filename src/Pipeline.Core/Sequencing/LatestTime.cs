namespace Pipeline.Core.Sequencing;

/// <summary>
/// Values of which only the newest counts: passes what is not older than the newest by event time. Of one time the last wins.
/// </summary>
internal struct LatestTime
{
    // A time further ahead than this is wrong; following it would silence the instrument until then.
    private const long MaxAhead = 3_600_000_000;

    private long _newest;

    /// <param name="eventTime">Microseconds; 0 where the venue sends none, and then everything passes.</param>
    public bool Passes(long eventTime, long receivedTime)
    {
        if (eventTime < _newest && eventTime != 0)
        {
            return false;
        }

        if (eventTime <= receivedTime + MaxAhead)
        {
            _newest = Math.Max(_newest, eventTime);
        }

        return true;
    }
}
