namespace Pipeline.TestKit;

/// <summary>How many seeds a property is tried with: few in every run, all of them in the long one (<c>make test-long</c>).</summary>
public static class SeedRange
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("PIPELINE_SEEDS") == "all";

    /// <summary>1 … <paramref name="few"/>, or 1 … <paramref name="all"/> where <c>PIPELINE_SEEDS=all</c>.</summary>
    public static IEnumerable<int> Of(int few, int all) => Enumerable.Range(1, IsLong ? all : few);
}
