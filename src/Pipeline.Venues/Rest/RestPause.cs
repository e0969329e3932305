using Pipeline.Core.Feeds.Rest;

namespace Pipeline.Venues.Rest;

/// <summary>"Do not ask before": what a venue said to one call holds for all. Safe from several threads.</summary>
internal sealed class RestPause(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private DateTimeOffset _until = DateTimeOffset.MinValue;
    private VenueRestFailure _failure;

    /// <summary>Time left, zero when the venue may be asked.</summary>
    public TimeSpan Left
    {
        get
        {
            lock (_gate)
            {
                var left = _until - clock.GetUtcNow();
                return left > TimeSpan.Zero ? left : TimeSpan.Zero;
            }
        }
    }

    /// <summary>Why the venue may not be asked.</summary>
    public VenueRestFailure Failure
    {
        get
        {
            lock (_gate)
            {
                return _failure;
            }
        }
    }

    /// <summary>Lengthens the pause to <paramref name="length"/> from now; never shortens it.</summary>
    public void Begin(VenueRestFailure failure, TimeSpan length)
    {
        lock (_gate)
        {
            var until = clock.GetUtcNow() + length;
            if (until > _until)
            {
                _until = until;
                _failure = failure;
            }
        }
    }
}
