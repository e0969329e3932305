using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Pipeline.Core.Market;

namespace Pipeline.Tests.Sequencing;

/// <summary>One trade and what becomes of it on the way: lost (no delay), repeated (several), late, behind later ones.</summary>
/// <param name="AfterMilliseconds">From the trade before to this one, at the venue.</param>
/// <param name="Delays">One for each copy that arrives, in milliseconds.</param>
internal sealed record Passage(int AfterMilliseconds, int[] Delays, int Cents, int Lots, bool IsBuy)
{
    /// <summary>Smaller passages are on time, once, and 100 ms behind the one before.</summary>
    public static Arbitrary<Passage> Any { get; } = Arb.From(
        from after in Gen.Frequency((12, Gen.Choose(0, 900)), (3, Gen.Choose(1_000, 90_000)), (1, Gen.Choose(100_000, 8_000_000)))
        from delays in Gen.Frequency((6, Delay.Select(delay => new[] { delay })), (2, Gen.Constant(Array.Empty<int>())), (1, Delay.ArrayOf(2)), (1, Delay.ArrayOf(3)))
        from cents in Gen.Choose(10_000, 20_000)
        from lots in Gen.Choose(1, 50_000)
        from isBuy in Gen.Elements(true, false)
        select new Passage(after, delays, cents, lots, isBuy),
        Smaller);

    public string Price => (Cents / 100m).ToString(CultureInfo.InvariantCulture);

    public string Quantity => (Lots / 1_000m).ToString(CultureInfo.InvariantCulture);

    public AggressorSide Side => IsBuy ? AggressorSide.Buy : AggressorSide.Sell;

    private static Gen<int> Delay => Gen.Frequency((6, Gen.Choose(0, 40)), (3, Gen.Choose(0, 3_000)), (1, Gen.Choose(0, 20_000)));

    public override string ToString() => $"+{AfterMilliseconds} [{string.Join(' ', Delays)}] {Quantity}@{Price}{(IsBuy ? "" : " sell")}";

    private static IEnumerable<Passage> Smaller(Passage one)
    {
        if (one.Delays is not [0])
        {
            yield return one with { Delays = [0] };
            for (var i = 0; i < one.Delays.Length; i++)
            {
                yield return one with { Delays = [.. one.Delays.Where((_, at) => at != i)] };
                if (one.Delays[i] > 0)
                {
                    yield return one with { Delays = [.. one.Delays.Select((delay, at) => at == i ? delay / 2 : delay)] };
                }
            }
        }

        if (one.AfterMilliseconds > 100)
        {
            yield return one with { AfterMilliseconds = Math.Max(100, one.AfterMilliseconds / 2) };
        }
    }
}
