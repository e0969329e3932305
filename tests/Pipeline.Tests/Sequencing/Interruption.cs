using FsCheck;
using FsCheck.Fluent;

namespace Pipeline.Tests.Sequencing;

/// <summary>The process ends and another goes on from its state and its log.</summary>
/// <param name="At">When, in thousandths of the time that the trades take.</param>
/// <param name="CheckpointAt">When the state was written that it goes on from, in the same way; what is behind that is the tail.</param>
/// <param name="DownMilliseconds">How long nobody listens.</param>
internal sealed record Interruption(int At, int CheckpointAt, int DownMilliseconds)
{
    public static Arbitrary<Interruption> Any { get; } = Arb.From(
        from at in Gen.Choose(1, 1_000)
        from before in Gen.Frequency((1, Gen.Constant(0)), (3, Gen.Choose(0, 200)))
        from down in Gen.Elements(0, 0, 500, 20_000, 200_000)
        select new Interruption(at, Math.Max(0, at - before), down));
}
