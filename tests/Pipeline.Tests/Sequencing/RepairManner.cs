using FsCheck;
using FsCheck.Fluent;

namespace Pipeline.Tests.Sequencing;

/// <summary>Over how many sockets trades come, how the venue's REST answers, and how long is waited for it.</summary>
/// <param name="LagMilliseconds">How far REST is behind the stream.</param>
/// <param name="Failing">Share of requests without an answer.</param>
internal sealed record RepairManner(int Legs, int LagMilliseconds, double Failing, int PageSize, int HoldMilliseconds)
{
    /// <summary>Whatever is missing is there before anybody has waited too long for it.</summary>
    public static Arbitrary<RepairManner> InTime { get; } = Arb.From(
        from legs in Gen.Choose(1, 2)
        from page in Gen.Elements(2, 10, 1_000)
        select new RepairManner(legs, 0, 0, page, 3_600_000));

    public static Arbitrary<RepairManner> Any { get; } = Arb.From(
        from legs in Gen.Choose(1, 2)
        from lag in Gen.Elements(0, 400, 30_000)
        from failing in Gen.Elements(0, 0, 0.3)
        from page in Gen.Elements(2, 10, 1_000)
        from hold in Gen.Elements(0, 500, 5_000)
        select new RepairManner(legs, lag, failing, page, hold));
}
