namespace Pipeline.Host.Verifying;

/// <summary>What a venue told of its trades: all of them from <paramref name="Oldest"/> to <paramref name="Newest"/>, and of others nothing.</summary>
/// <param name="Oldest">Id or time in microseconds, as it was asked.</param>
/// <param name="Newest">The same; beyond it the venue may have more that it does not tell yet.</param>
/// <param name="Trades">Those of the range that was asked for, oldest first.</param>
internal sealed record TruthTrades(long Oldest, long Newest, IReadOnlyList<TruthTrade> Trades)
{
    /// <summary>The venue tells nothing.</summary>
    public static readonly TruthTrades Nothing = new(long.MaxValue, long.MinValue, []);
}
