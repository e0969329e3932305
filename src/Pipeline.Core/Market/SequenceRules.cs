namespace Pipeline.Core.Market;

/// <summary>How the ids of an instrument's streams hang together; the venue's adapter knows it.</summary>
public sealed record SequenceRules(IdDiscipline Trades, BookRule Book)
{
    public static readonly SequenceRules Default = new(IdDiscipline.Contiguous, BookRule.Range);

    /// <summary>The venue's own candles name their first and last trade by the ids of this stream of trades. Default no.</summary>
    public bool HasCandleIds { get; init; }
}
