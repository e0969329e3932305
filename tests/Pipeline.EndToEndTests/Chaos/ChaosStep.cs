namespace Pipeline.EndToEndTests.Chaos;

/// <summary>One thing that is done.</summary>
/// <param name="Key">Record key of the instrument it is done to; of what is done to a venue, one of that venue's.</param>
/// <param name="Frames">How many frames, or ids, are concerned.</param>
/// <param name="Variant">Which of the ways in which it can be done.</param>
/// <param name="Length">How long it lasts, where it does.</param>
/// <param name="Pause">What is waited behind it: nothing is to be in step with anything.</param>
/// <param name="WaitsForReady">Of a kill: whether the next step waits until the collector is there again.</param>
internal sealed record ChaosStep(
    ChaosKind Kind, string Key, int Frames, int Variant, TimeSpan Length, TimeSpan Pause, bool WaitsForReady)
{
    public string Venue => Key[..Key.IndexOf(':', StringComparison.Ordinal)];

    public override string ToString() => FormattableString.Invariant(
        $"{Kind} {Key} frames {Frames} variant {Variant} length {Length.TotalMilliseconds:0} ms");
}
