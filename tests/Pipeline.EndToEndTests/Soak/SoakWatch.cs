using System.Globalization;
using Pipeline.EndToEndTests.Stack;

namespace Pipeline.EndToEndTests.Soak;

/// <summary>Samples one process of a stack.</summary>
internal sealed class SoakWatch(string name, PipelineProcess process, Func<Task<(long Heap, long Frames)>> tell)
{
    private readonly List<SoakSample> _samples = [];

    public string Name => name;

    public IReadOnlyList<SoakSample> Samples => _samples;

    public async Task SampleAsync(double seconds)
    {
        var status = File.ReadAllLines($"/proc/{process.Id}/status");
        long Read(string field) => long.Parse(
            status.First(line => line.StartsWith(field, StringComparison.Ordinal)).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture);
        var (heap, frames) = await tell();
        _samples.Add(new SoakSample(
            seconds, Read("VmRSS:") * 1024, heap, Directory.GetFileSystemEntries($"/proc/{process.Id}/fd").Length, (int)Read("Threads:"), frames));
    }

    /// <summary>Growth of one figure from a time on, and its median then.</summary>
    public (double Growth, double Median) Trend(Func<SoakSample, double> figure, double from)
    {
        var samples = Since(figure, from);
        return (SoakTrend.Growth(samples), SoakTrend.Median(samples.Select(sample => sample.Value)));
    }

    /// <summary>Growth of what one figure never falls below from a time on, and its median then.</summary>
    public (double Growth, double Median) Floor(Func<SoakSample, double> figure, double from)
    {
        var samples = Since(figure, from);
        return (SoakTrend.FloorGrowth(samples), SoakTrend.Median(samples.Select(sample => sample.Value)));
    }

    private List<(double Time, double Value)> Since(Func<SoakSample, double> figure, double from) =>
        [.. _samples.Where(sample => sample.Seconds >= from).Select(sample => (sample.Seconds, figure(sample)))];
}
