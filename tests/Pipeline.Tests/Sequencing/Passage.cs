using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Pipeline.Core.Market;

namespace Pipeline.Tests.Sequencing;

/// <summary>One trade and what becomes of it on the way: lost (no delay), repeated (several), late, behind later ones.</summary>
/// <param name="AfterMilliseconds">From the trade before to this one, at the venue.</param>
/// <param name="Delays">One for each copy that arrives, in milliseconds.</param>
/// <param name="ShownAfterSeconds">The venue keeps it to itself for so long, then an audit asks for it; null = it does not.</param>
internal sealed record Passage(int AfterMilliseconds, int[] Delays, int Cents, int Lots, bool IsBuy, int? ShownAfterSeconds = null)
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

    /// <summary>Among others some that the venue does not show at first. Smaller ones it shows sooner, or at once.</summary>
    public static Arbitrary<Passage> AnyShown { get; } = Arb.From(
        from passage in Any.Generator
        from after in Gen.Frequency((9, Gen.Constant<int?>(null)), (2, Shown(1, 900)), (1, Shown(900, 7_000)))
        select passage with { ShownAfterSeconds = after },
        passage => passage.ShownAfterSeconds is { } after
            ? [passage with { ShownAfterSeconds = null, Delays = [0] }, .. after > 60 ? [passage with { ShownAfterSeconds = after / 2 }] : Array.Empty<Passage>()]
            : Smaller(passage));

    public string Price => (Cents / 100m).ToString(CultureInfo.InvariantCulture);

    public string Quantity => (Lots / 1_000m).ToString(CultureInfo.InvariantCulture);

    public AggressorSide Side => IsBuy ? AggressorSide.Buy : AggressorSide.Sell;

    private static Gen<int> Delay => Gen.Frequency((6, Gen.Choose(0, 40)), (3, Gen.Choose(0, 3_000)), (1, Gen.Choose(0, 20_000)));

    private static Gen<int?> Shown(int least, int most) => Gen.Choose(least, most).Select(after => (int?)after);

    public override string ToString() => $"+{AfterMilliseconds} [{string.Join(' ', Delays)}] {Quantity}@{Price}{(IsBuy ? "" : " sell")}{(ShownAfterSeconds is { } after ? $" shown after {after} s" : "")}";

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
