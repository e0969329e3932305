using System.Text;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance;

/// <summary>Turns what happens in the spot markets into frames.</summary>
internal sealed partial class BinanceSpotPublisher : IMarketListener
{
    private const long AverageWindow = 5 * 60 * UnixTime.Second;
    private static readonly byte[][] Intervals = [.. KlineKey.All.Select(key => Encoding.ASCII.GetBytes(key.Interval.Name))];

    private readonly StreamSender _sender = new();
    private StreamDirectory _streams = new([], SpotStreams.Types, [SpotStreams.MiniTickers]);
    private ArrayStream _miniTickers = new(new MarketStream(SpotStreams.MiniTickers));
    private long[] _tickedIds = [];

    /// <summary>Names the streams; before the world starts.</summary>
    public void Open(StreamDirectory streams, int symbols)
    {
        _streams = streams;
        _miniTickers = new ArrayStream(streams.MarketWide(SpotStreams.MiniTickers));
        _tickedIds = new long[symbols];
    }

    public void BeginTurn(long now) => _sender.BeginTurn(now);

    public void OnTrade(SymbolEngine engine, in EngineTrade trade)
    {
        var symbol = _streams.Of(engine);
        var stream = symbol[SpotStreams.Trade];
        for (var unit = 0; unit < StreamSender.Units; unit++)
        {
            if (_sender.Begin(stream, unit, symbol.Format) is { } frame)
            {
                BinancePayload.Trade(frame, symbol.Symbol, trade, _sender.Now, StreamSender.Divisor(unit));
                _sender.Send(stream, unit, frame);
            }
        }
    }

    public void OnAggregateTrade(SymbolEngine engine, in AggregateTrade trade)
    {
        var symbol = _streams.Of(engine);
        var stream = symbol[SpotStreams.AggregateTrade];
        for (var unit = 0; unit < StreamSender.Units; unit++)
        {
            if (_sender.Begin(stream, unit, symbol.Format) is { } frame)
            {
                BinancePayload.AggregateTrade(frame, symbol.Symbol, trade, _sender.Now, StreamSender.Divisor(unit));
                _sender.Send(stream, unit, frame);
            }
        }
    }

    public void OnQuote(SymbolEngine engine)
    {
        var symbol = _streams.Of(engine);
        var stream = symbol[SpotStreams.BookTicker];
        for (var unit = 0; unit < StreamSender.Units; unit++)
        {
            if (_sender.Begin(stream, unit, symbol.Format) is { } frame)
            {
                BinancePayload.BookTicker(frame, symbol.Symbol, engine.Book);
                _sender.Send(stream, unit, frame);
            }
        }
    }

    public void OnKline(SymbolEngine engine, int series, in KlineBar bar, bool closed)
    {
        var symbol = _streams.Of(engine);
        var stream = symbol[SpotStreams.Kline(series)];
        for (var unit = 0; unit < StreamSender.Units; unit++)
        {
            if (_sender.Begin(stream, unit, symbol.Format) is { } frame)
            {
                BinancePayload.Kline(frame, symbol.Symbol, Intervals[series], bar, closed, _sender.Now, StreamSender.Divisor(unit));
                _sender.Send(stream, unit, frame);
            }
        }
    }

    public void OnSecond(SymbolEngine engine)
    {
        var symbol = _streams.Of(engine);
        for (var unit = 0; unit < StreamSender.Units; unit++)
        {
            var divisor = StreamSender.Divisor(unit);
            if (_sender.Begin(symbol[SpotStreams.Ticker], unit, symbol.Format) is { } ticker)
            {
                BinancePayload.Ticker(ticker, symbol.Symbol, engine, engine.Statistics(_sender.Now), _sender.Now, divisor);
                _sender.Send(symbol[SpotStreams.Ticker], unit, ticker);
            }

            if (_sender.Begin(symbol[SpotStreams.MiniTicker], unit, symbol.Format) is { } mini)
            {
                BinancePayload.MiniTicker(mini, symbol.Symbol, engine.Statistics(_sender.Now), _sender.Now, divisor);
                _sender.Send(symbol[SpotStreams.MiniTicker], unit, mini);
            }

            if (_sender.Begin(symbol[SpotStreams.AveragePrice], unit, symbol.Format) is { } average)
            {
                BinancePayload.AveragePrice(
                    average, symbol.Symbol, engine.Statistics(_sender.Now, AverageWindow), _sender.Now, divisor);
                _sender.Send(symbol[SpotStreams.AveragePrice], unit, average);
            }

            // Only symbols that traded since the last array.
            if (_tickedIds[engine.Spec.Index] != engine.Truth.NextId && _miniTickers.Next(unit, symbol.Format) is { } element)
            {
                BinancePayload.MiniTicker(element, symbol.Symbol, engine.Statistics(_sender.Now), _sender.Now, divisor);
            }
        }

        _tickedIds[engine.Spec.Index] = engine.Truth.NextId;
    }

    public void EndTurn()
    {
        _miniTickers.Flush(_sender);
        _sender.EndTurn();
    }
}
