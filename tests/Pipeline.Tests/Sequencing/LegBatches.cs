using Pipeline.Core.Market;

namespace Pipeline.Tests.Sequencing;

/// <summary>Batches as two sockets bring them.</summary>
internal static class LegBatches
{
    public const long Millisecond = 1_000;

    public static MarketBatch Of(long socket, long now, int legs, params IEnumerable<Trade> trades)
    {
        var batch = new MarketBatch { Now = now, Socket = socket, Series = 1, Legs = legs, Connection = $"binance-1{(char)('a' + ((socket - 1) % 2))}" };
        foreach (var trade in trades)
        {
            batch.Add(trade with { ReceivedTime = now });
        }

        return batch;
    }

    public static MarketBatch Tick(long now) => new() { Now = now };

    /// <summary>Ids of the trades that left, and whether something is missing before each.</summary>
    public static List<(long Id, bool AfterGap)> Left(MarketBatch batch) =>
    [
        .. batch.Events.Span.ToArray().Where(happened => happened.Kind == MarketEventKind.Trade)
            .Select(happened => batch.Trades[happened.Index]).Select(trade => (trade.Id, trade.AfterGap)),
    ];
}
