namespace Pipeline.EndToEndTests;

/// <summary>Tests that hold times against a bound: they run one after the other, when all others have ended.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Measured
{
    public const string Name = "measured";
}
