using Pipeline.Core.Market;
using Pipeline.Gateway.Instruments;

namespace Pipeline.Gateway.Udf;

/// <summary>Finds instruments by a part of any of their names.</summary>
internal sealed class UdfSearch(IInstrumentFinder instruments)
{
    /// <summary>The best first: the name itself, then its beginning, then a part of it; shorter names before longer ones.</summary>
    /// <param name="type">Empty = any.</param>
    /// <param name="exchange">TradingView's name of it, or ours of the venue; empty = any.</param>
    public IReadOnlyList<InstrumentInfo> Find(string query, string type, string exchange, int limit)
    {
        var wanted = Plain(query);
        return
        [
            .. instruments.All.Select(record => record.Info)
                .Where(info => info.Status != InstrumentStatus.Delisted
                    && (type.Length == 0 || UdfSymbols.TypeOf(info) == type)
                    && (exchange.Length == 0 || exchange == info.Venue || InstrumentNames.Fold(exchange) == UdfSymbols.ExchangeOf(info)))
                .Select(info => (Info: info, Rank: RankOf(info, wanted)))
                .Where(one => one.Rank < int.MaxValue)
                .OrderBy(one => one.Rank).ThenBy(one => one.Info.Id.Length).ThenBy(one => one.Info.Id, StringComparer.Ordinal).ThenBy(one => one.Info.Venue, StringComparer.Ordinal)
                .Take(limit)
                .Select(one => one.Info),
        ];
    }

    private static int RankOf(InstrumentInfo info, string wanted) => wanted.Length == 0
        ? 0
        : new[] { info.Id, info.Symbol, UdfSymbols.NameOf(info), UdfSymbols.FullNameOf(info), UdfSymbols.TickerOf(info) }.Min(name => RankOf(Plain(name), wanted));

    private static int RankOf(string name, string wanted) => name.IndexOf(wanted, StringComparison.Ordinal) switch
    {
        < 0 => int.MaxValue,
        0 => name.Length == wanted.Length ? 0 : 1,
        _ => 2,
    };

    /// <summary>Whoever types btc/usdt, BTC-USDT or btcusdt means the same.</summary>
    private static string Plain(string name) => InstrumentNames.Fold(string.Concat(name.Where(c => c is not ('-' or '/' or '_' or ' '))));
}
