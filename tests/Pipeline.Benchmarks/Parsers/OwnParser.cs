using Pipeline.Core.Feeds;
using Pipeline.Core.Market;

namespace Pipeline.Benchmarks.Parsers;

/// <summary>Our parser over frames that lie ready in batches.</summary>
internal sealed class OwnParser
{
    private readonly List<FrameBatch> _batches = [];
    private readonly IVenueParser _parser;
    private readonly VenueBatch _venue = new();

    public OwnParser(IVenueAdapter adapter, IEnumerable<string> bases, List<byte[]> frames)
    {
        _parser = adapter.Parser;
        var symbols = new SymbolTable();
        foreach (var name in bases)
        {
            var id = $"{name}-USDT";
            symbols.Add(new Instrument(symbols.Count, adapter.Venue, id, adapter.SymbolOf(id)!));
        }

        var source = new FeedSource(adapter.Venue, $"{adapter.Venue}-1", _parser, symbols, adapter.TimeUnit);
        foreach (var chunk in frames.Chunk(FrameBatch.MaxFrames))
        {
            _batches.Add(FrameBatch.Of(source, 1, chunk));
        }
    }

    public ParserTotals Run()
    {
        var totals = default(ParserTotals);
        foreach (var batch in _batches)
        {
            _parser.Parse(batch, _venue);
            Add(ref totals);
            if (_venue.DeadLetters.Count > 0)
            {
                throw new InvalidOperationException($"A generated frame was refused: {_venue.DeadLetters[0].Reason}.");
            }

            _venue.Release();
        }

        return totals;
    }

    private void Add(ref ParserTotals totals)
    {
        foreach (ref readonly var trade in _venue.Trades.Span)
        {
            totals.Trades++;
            totals.TradeIds += trade.Id;
            totals.TradePrices += ParserTotals.Units(trade.Price);
            totals.TradeQuantities += ParserTotals.Units(trade.Quantity);
            totals.TradeTimes += trade.Time;
            totals.Sells += trade.Side == AggressorSide.Sell ? 1 : 0;
        }

        foreach (ref readonly var quote in _venue.Quotes.Span)
        {
            totals.Quotes++;
            totals.QuoteSum += quote.UpdateId + ParserTotals.Units(quote.Bid) + ParserTotals.Units(quote.BidQuantity)
                + ParserTotals.Units(quote.Ask) + ParserTotals.Units(quote.AskQuantity);
        }

        foreach (ref readonly var book in _venue.BookUpdates.Span)
        {
            totals.Books++;
            totals.LevelSum += book.LastUpdateId;
        }

        foreach (ref readonly var level in _venue.Levels.Span)
        {
            totals.Levels++;
            totals.LevelSum += ParserTotals.Units(level.Price) + ParserTotals.Units(level.Quantity);
        }

        foreach (ref readonly var candle in _venue.Candles.Span)
        {
            totals.Candles++;
            totals.CandleSum += candle.OpenTime + ParserTotals.Units(candle.Open) + ParserTotals.Units(candle.High)
                + ParserTotals.Units(candle.Low) + ParserTotals.Units(candle.Close) + ParserTotals.Units(candle.Volume);
        }

        foreach (ref readonly var ticker in _venue.Tickers.Span)
        {
            totals.Tickers++;
            totals.TickerSum += ticker.Time + ParserTotals.Units(ticker.Last) + ParserTotals.Units(ticker.Open)
                + ParserTotals.Units(ticker.High) + ParserTotals.Units(ticker.Low) + ParserTotals.Units(ticker.Volume);
        }
    }
}
