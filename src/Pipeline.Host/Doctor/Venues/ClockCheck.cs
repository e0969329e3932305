using System.Globalization;

namespace Pipeline.Host.Doctor.Venues;

/// <summary>This machine's clock against the venue's.</summary>
internal sealed class ClockCheck(VenueProbe venue, params ICheck[] needs) : ICheck
{
    /// <summary>Beyond this, figures of latency and lag say nothing, and quiet candles close early or late.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    public string Name => $"{venue.Name} clock";

    public IReadOnlyList<ICheck> Needs => needs;

    public async Task<Finding> RunAsync(CancellationToken cancellation) => Judge(await venue.MeasureAsync(cancellation), venue.Name);

    internal static Finding Judge(ClockSample sample, string venue)
    {
        var state = string.Create(
            CultureInfo.InvariantCulture,
            $"this machine's clock is {sample.Ahead.Duration().TotalSeconds:0.000} s {(sample.Ahead > TimeSpan.Zero ? "behind" : "ahead of")} that of {venue} (± {sample.RoundTrip.TotalSeconds / 2:0.000})");

        // As far as the round trip lets it be known.
        return sample.Ahead.Duration() - (sample.RoundTrip / 2) > Tolerance
            ? Finding.Warn(state, "set the clock by NTP: 'timedatectl set-ntp true', or chrony; latency and lag are wrong until then")
            : Finding.Ok(state);
    }
}
