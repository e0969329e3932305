using System.Globalization;
using System.Text;

namespace Pipeline.Benchmarks.Parsers;

/// <summary>
/// Generated frames of all channels, the same ones every time: 68 % trades, 15 % quotes, 10 % book differences of 6 to 14 levels a side,
/// 5 % candles, 1 % tickers, 1 % partial books of 5 levels; 200 symbols of falling popularity.
/// </summary>
internal abstract class FrameMix
{
    private const int Symbols = 200;
    private const long Start = 1_794_900_000_000;

    private readonly Random _random = new(42);
    private readonly Market[] _markets;
    private readonly double[] _popularity;

    protected FrameMix()
    {
        _markets = [.. Enumerable.Range(0, Symbols).Select(MakeMarket)];
        var sum = 0.0;
        _popularity = [.. _markets.Select((_, rank) => sum += 1 / Math.Pow(rank + 1, 0.8))];
    }

    /// <summary>Base currencies; all are quoted in USDT.</summary>
    public IEnumerable<string> Bases => _markets.Select(market => market.Base);

    /// <summary>The venue's spelling of a symbol.</summary>
    public abstract string SymbolOf(string baseName);

    public List<byte[]> Make(int count)
    {
        var frames = new List<byte[]>(count);
        for (var i = 0; i < count; i++)
        {
            var at = Array.BinarySearch(_popularity, _random.NextDouble() * _popularity[^1]);
            var market = _markets[Math.Min(at < 0 ? ~at : at, Symbols - 1)];
            var time = Start + (i / 2);
            frames.Add(Encoding.UTF8.GetBytes(_random.Next(100) switch
            {
                < 68 => Trade(Moved(market), time),
                < 83 => Quote(market, time),
                < 93 => Book(market, time, Levels(market, 6 + _random.Next(9), bid: true), Levels(market, 6 + _random.Next(9), bid: false)),
                < 98 => Candle(market, time),
                98 => Ticker(market, time),
                _ => PartialBook(market, time, Levels(market, 5, bid: true), Levels(market, 5, bid: false)),
            }));
        }

        return frames;
    }

    protected abstract string Trade(Market market, long time);

    protected abstract string Quote(Market market, long time);

    protected abstract string Book(Market market, long time, List<(decimal Price, decimal Quantity)> bids, List<(decimal Price, decimal Quantity)> asks);

    protected abstract string PartialBook(Market market, long time, List<(decimal Price, decimal Quantity)> bids, List<(decimal Price, decimal Quantity)> asks);

    protected abstract string Candle(Market market, long time);

    protected abstract string Ticker(Market market, long time);

    protected decimal Quantity(int scale = 8) => Math.Round((decimal)Math.Pow(10, (_random.NextDouble() * 4) - 3), scale) + 0.001m;

    protected bool Chance(int percent) => _random.Next(100) < percent;

    /// <summary>With eight decimals, as Binance writes.</summary>
    protected static string Padded(decimal value) => value.ToString("F8", CultureInfo.InvariantCulture);

    /// <summary>Without trailing zeros, as OKX writes.</summary>
    protected static string Plain(decimal value) => value.ToString("0.############", CultureInfo.InvariantCulture);

    private Market Moved(Market market)
    {
        market.Price = Math.Max(market.Tick * 100, market.Price + (_random.Next(-50, 51) * market.Tick));
        market.TradeId++;
        market.LastQuantity = Quantity();
        market.Trades++;
        market.High = Math.Max(market.High, market.Price);
        market.Low = Math.Min(market.Low, market.Price);
        market.Volume += market.LastQuantity;
        return market;
    }

    private List<(decimal Price, decimal Quantity)> Levels(Market market, int count, bool bid)
    {
        var levels = new List<(decimal, decimal)>(count);
        for (var i = 1; i <= count; i++)
        {
            levels.Add((market.Price + ((bid ? -i : i) * market.Tick), Chance(20) ? 0 : Quantity(6)));
        }

        return levels;
    }

    private Market MakeMarket(int rank)
    {
        string[] first = ["BTC", "ETH", "BNB", "SOL", "XRP", "DOGE", "ADA", "AVAX", "LINK", "DOT"];
        decimal[] prices = [65000m, 3200m, 580m, 150m];
        var tick = rank < 4 ? 0.01m : rank < 60 ? 0.0001m : 0.000001m;
        var price = rank < prices.Length ? prices[rank] : Math.Round(0.05m * (decimal)Math.Pow(10, _random.NextDouble() * 3), 4);
        var name = rank < first.Length ? first[rank] : $"T{rank:D3}";
        return new Market(name, tick, price, 1_000_000_000L + (rank * 1_000_003L), 9_000_000_000L + (rank * 104_729L));
    }

    protected sealed class Market(string name, decimal tick, decimal price, long tradeId, long updateId)
    {
        public string Base { get; } = name;

        public decimal Tick { get; } = tick;

        public decimal Price { get; set; } = price;

        public decimal Open { get; } = price;

        public decimal High { get; set; } = price;

        public decimal Low { get; set; } = price;

        public decimal Volume { get; set; }

        public decimal LastQuantity { get; set; } = 1;

        public long Trades { get; set; }

        public long TradeId { get; set; } = tradeId;

        public long UpdateId { get; set; } = updateId;
    }
}
