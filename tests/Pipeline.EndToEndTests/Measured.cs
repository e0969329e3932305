namespace Pipeline.EndToEndTests;

/// <summary>
/// Tests that hold times against a bound, and those that load the machine: they run one after the other, when all others have ended.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Measured
{
    public const string Name = "measured";
}
