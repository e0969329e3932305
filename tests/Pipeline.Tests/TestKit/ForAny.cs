using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Xunit.Abstractions;

namespace Pipeline.Tests.TestKit;

/// <summary>
/// Runs FsCheck properties: other cases in every run, the seed printed before the first of them, the smallest case that fails and its seed
/// in the failure. <c>PIPELINE_FSCHECK_SEED=seed,gamma</c> has the same cases again, <c>PIPELINE_FSCHECK_TIMES=n</c> n times as many.
/// </summary>
internal static class ForAny
{
    public static void Check(Property property, int cases, int largest, ITestOutputHelper output)
    {
        var seed = new Rnd((ulong)Random.Shared.NextInt64());
        if (Environment.GetEnvironmentVariable("PIPELINE_FSCHECK_SEED") is { Length: > 0 } text)
        {
            var parts = text.Split(',');
            seed = new Rnd(ulong.Parse(parts[0], CultureInfo.InvariantCulture), ulong.Parse(parts[1], CultureInfo.InvariantCulture));
        }

        output.WriteLine($"PIPELINE_FSCHECK_SEED={seed.Seed},{seed.Gamma}");
        var times = int.Parse(Environment.GetEnvironmentVariable("PIPELINE_FSCHECK_TIMES") is { Length: > 0 } number ? number : "1", CultureInfo.InvariantCulture);
        var config = Config.QuickThrowOnFailure.WithMaxTest(cases * times).WithEndSize(largest).WithReplay(seed.Seed, seed.Gamma);
        property.Check(config);
    }
}
