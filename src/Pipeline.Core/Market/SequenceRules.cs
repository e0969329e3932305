namespace Pipeline.Core.Market;

/// <summary>How the ids of an instrument's streams hang together; the venue's adapter knows it.</summary>
public sealed record SequenceRules(IdDiscipline Trades, BookRule Book)
{
    public static readonly SequenceRules Default = new(IdDiscipline.Contiguous, BookRule.Range);
}
