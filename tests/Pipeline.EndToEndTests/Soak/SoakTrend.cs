namespace Pipeline.EndToEndTests.Soak;

/// <summary>
/// Whether a figure that goes up and down rises in the long run: the median of the slopes between any two samples (Theil and Sen), which a
/// collection of garbage, a burst or a single bad sample hardly moves, times the length of the run.
/// </summary>
internal static class SoakTrend
{
    // Pairs grow with the square of the samples: an hour at 5 s has 259,000 of them.
    private const int MostSamples = 720;

    /// <summary>By how much it rises from the first sample to the last; below zero when it falls. 0 with fewer than two samples.</summary>
    public static double Growth(IReadOnlyList<(double Time, double Value)> samples)
    {
        var step = Math.Max(1, (samples.Count + MostSamples - 1) / MostSamples);
        var kept = samples.Where((_, i) => i % step == 0).ToList();
        var slopes = new List<double>(kept.Count * kept.Count / 2);
        for (var i = 0; i < kept.Count; i++)
        {
            for (var j = i + 1; j < kept.Count; j++)
            {
                slopes.Add((kept[j].Value - kept[i].Value) / (kept[j].Time - kept[i].Time));
            }
        }

        if (slopes.Count == 0)
        {
            return 0;
        }

        slopes.Sort();
        return slopes[slopes.Count / 2] * (samples[^1].Time - samples[0].Time);
    }

    /// <summary>
    /// By how much the least of the last third lies above the least of the first: for what a pool takes and gives back as the machine is busy,
    /// and what leaks never gives back. 0 with fewer than two samples.
    /// </summary>
    public static double FloorGrowth(IReadOnlyList<(double Time, double Value)> samples)
    {
        if (samples.Count < 2)
        {
            return 0;
        }

        var third = (samples[^1].Time - samples[0].Time) / 3;
        return samples.Where(sample => sample.Time >= samples[^1].Time - third).Min(sample => sample.Value)
            - samples.Where(sample => sample.Time <= samples[0].Time + third).Min(sample => sample.Value);
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? 0 : sorted[sorted.Count / 2];
    }
}
