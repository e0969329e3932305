using Pipeline.Core.Market;

namespace Pipeline.Tests.Restart;

/// <summary>A venue's truth: two busy instruments, one that trades every half minute, and one that trades once.</summary>
internal sealed class MadeUpVenue
{
    public const long Start = 1_794_900_000_000_000;

    private const long Millisecond = 1_000;
    private const long Minute = 60_000 * Millisecond;

    public MadeUpVenue(int seed, long length)
    {
        var random = new Random(seed);
        Instruments = [.. Enumerable.Range(0, 4).Select(i => new Instrument(i, "venue", $"COIN{i}-USDT", $"COIN{i}"))];
        int[] pause = [200, 350, 30_000];
        var trades = new List<Trade>();
        for (var i = 0; i < pause.Length; i++)
        {
            var (time, id) = (Start + (random.Next(1, 500) * Millisecond), 1_000L * (i + 1));
            for (; time < Start + length; time += random.NextInt64(1, 2L * pause[i]) * Millisecond)
            {
                trades.Add(Make(Instruments[i], id++, time, random));
            }
        }

        trades.Add(Make(Instruments[3], 77, Start + (300 * Millisecond), random));
        // One for each behind everything, which shows what is missing before it.
        foreach (var instrument in Instruments)
        {
            trades.Add(Make(instrument, trades.Where(trade => trade.Instrument == instrument).Max(trade => trade.Id) + 1, Start + length + Minute, random));
        }

        Trades = [.. trades.OrderBy(trade => trade.EventTime)];
    }

    public IReadOnlyList<Instrument> Instruments { get; }

    public IReadOnlyList<Trade> Trades { get; }

    /// <summary>Nothing could tell that it is missing.</summary>
    public bool IsFirstOrLast(Trade trade) =>
        Trades.First(one => one.Instrument == trade.Instrument).Id == trade.Id || Trades.Last(one => one.Instrument == trade.Instrument).Id == trade.Id;

    private static Trade Make(Instrument instrument, long id, long time, Random random) => new(
        instrument,
        id,
        id,
        new Number(random.Next(9_000, 11_000), 2),
        new Number(random.Next(1, 5_000), 3),
        random.Next(2) == 0 ? AggressorSide.Buy : AggressorSide.Sell,
        random.Next(1, 4),
        TradeKind.Market,
        time,
        time + (20 * Millisecond),
        TradeSource.Live,
        AfterGap: false);
}
