using Pipeline.Core.Market;

namespace Pipeline.Kafka.Verification;

/// <summary>Holds the last record of a candle against the fold of its trades, field by field.</summary>
internal static class CandleComparison
{
    // Venues tell turnovers with eight decimals, cut or rounded.
    private static readonly WideNumber TurnoverUnit = new(1, 8);

    /// <summary>Why the trades cannot be a part of what the record tells, for people; null when they can.</summary>
    public static string? Contradictions(CandleWindow window, CandleRow row, ProofRules rules)
    {
        var contradictions = new List<string>();
        void Require<T>(bool isSo, string field, T told, T folded)
        {
            if (!isSo)
            {
                contradictions.Add($"{field} is {told}, its trades alone make {folded}");
            }
        }

        if (window.Count == 0)
        {
            return null;
        }

        Require(row.High >= window.High, "high", row.High, window.High);
        Require(row.Low <= window.Low, "low", row.Low, window.Low);
        Require(row.Volume >= window.Volume, "volume", row.Volume, window.Volume);
        if (WideNumber.TryMultiply(window.Turnover, rules.ContractSize, out var turnover) && WideNumber.TryAdd(row.QuoteVolume, TurnoverUnit, out var most))
        {
            Require(most >= turnover, "quoteVolume", row.QuoteVolume, turnover);
        }

        if (row.TakerBuyVolume is { } takerBuy)
        {
            Require(takerBuy >= window.TakerBuyVolume, "takerBuyVolume", takerBuy, window.TakerBuyVolume);
        }

        Require(row.Trades < 0 || row.Trades >= window.Fills, "trades", row.Trades, window.Fills);
        return contradictions.Count == 0 ? null : string.Join("; ", contradictions);
    }

    /// <summary>The fields that differ, for people; null when none does.</summary>
    public static string? Differences(CandleWindow window, CandleRow row, ProofRules rules)
    {
        var differences = new List<string>();
        void Compare<T>(string field, T told, T folded)
        {
            if (!EqualityComparer<T>.Default.Equals(told, folded))
            {
                differences.Add($"{field} is {told}, its trades make {folded}");
            }
        }

        Compare("open", row.Open, window.Open);
        Compare("high", row.High, window.High);
        Compare("low", row.Low, window.Low);
        Compare("close", row.Close, window.Close);
        Compare("volume", row.Volume, window.Volume);
        if (WideNumber.TryMultiply(window.Turnover, rules.ContractSize, out var turnover))
        {
            Compare("quoteVolume", row.QuoteVolume, turnover);
        }

        if (row.TakerBuyVolume is { } takerBuy)
        {
            Compare("takerBuyVolume", takerBuy, window.TakerBuyVolume);
        }

        if (row.Trades >= 0 && (window.KnowsFills ? row.Trades != window.Fills : row.Trades < window.Fills))
        {
            differences.Add($"trades is {row.Trades}, its trades make {(window.KnowsFills ? "" : "at least ")}{window.Fills}");
        }

        var isOrdered = rules.Ids != IdDiscipline.Unordered;
        Compare("firstId", row.FirstId, isOrdered ? window.FirstId : -1);
        Compare("lastId", row.LastId, isOrdered ? window.LastId : -1);
        return differences.Count == 0 ? null : string.Join("; ", differences);
    }
}
