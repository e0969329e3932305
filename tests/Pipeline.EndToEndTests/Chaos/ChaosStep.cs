namespace Pipeline.EndToEndTests.Chaos;

/// <summary>One thing that is done.</summary>
/// <param name="Key">Record key of the instrument it is done to; of what is done to a venue, one of that venue's.</param>
/// <param name="Frames">How many frames, or ids, are concerned.</param>
/// <param name="Variant">Which of the ways in which it can be done.</param>
/// <param name="Length">How long it lasts, where it does.</param>
/// <param name="Pause">What is waited behind it: nothing is to be in step with anything.</param>
/// <param name="IsPatient">Whether the next thing waits until this has struck or is over; of a kill, until the collector is there again.</param>
internal sealed record ChaosStep(
    ChaosKind Kind, string Key, int Frames, int Variant, TimeSpan Length, TimeSpan Pause, bool IsPatient)
{
    /// <summary>One after the other, or the next begins in the middle of it; a kill is waited for, the start behind it perhaps not.</summary>
    public bool Waits => IsPatient || Kind == ChaosKind.Kill;

    public bool WaitsForReady => IsPatient;

    /// <summary>What a kill waits, so that it meets anything.</summary>
    public TimeSpan Delay => Length / 10;

    public string Venue => Key[..Key.IndexOf(':', StringComparison.Ordinal)];

    public override string ToString() => FormattableString.Invariant(
        $"{Kind} {Key} frames {Frames} variant {Variant} length {Length.TotalMilliseconds:0} ms");
}
