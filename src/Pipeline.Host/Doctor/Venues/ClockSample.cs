namespace Pipeline.Host.Doctor.Venues;

/// <summary>A venue's time against ours.</summary>
/// <param name="Ahead">By how much the venue's clock is ahead, taking its answer for the middle of the round trip.</param>
/// <param name="RoundTrip">The shortest of several; the other is right to half of it.</param>
internal sealed record ClockSample(TimeSpan Ahead, TimeSpan RoundTrip);
