using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance.Futures;

/// <summary>What is told once a second or more rarely: mark prices, liquidations and tickers.</summary>
internal sealed partial class BinanceFuturesPublisher
{
    private const long SlowMarkPrice = 3 * UnixTime.Second;

    public void OnSecond(SymbolEngine engine)
    {
        var symbol = _streams.Of(engine);
        var state = engine.Perpetual!;
        PublishMarkPrice(symbol, state, FuturesStreams.FastMarkPrice, FuturesStreams.FastMarkPrices);
        if (state.UpdatedAt % SlowMarkPrice == 0)
        {
            PublishMarkPrice(symbol, state, FuturesStreams.MarkPrice, FuturesStreams.MarkPrices);
        }

        var market = _markets[engine.Spec.Index];
        PublishLiquidation(symbol, market);
        PublishTickers(engine, symbol, market);
    }

    private void PublishMarkPrice(SymbolStreams symbol, PerpetualState state, int type, string all)
    {
        if (Begin(symbol, type) is { } frame)
        {
            FuturesPayload.MarkPrice(frame, symbol.Symbol, state, _sender.Now);
            Send(symbol, type, frame);
        }

        if (_arrays[all].Next(0, symbol.Format) is { } element)
        {
            FuturesPayload.MarkPrice(element, symbol.Symbol, state, _sender.Now);
        }
    }

    private void PublishLiquidation(SymbolStreams symbol, FuturesMarketState market)
    {
        if (market.Largest is not { } order)
        {
            return;
        }

        market.Largest = null;
        if (Begin(symbol, FuturesStreams.ForceOrder) is { } frame)
        {
            FuturesPayload.ForceOrder(frame, symbol.Symbol, order, _sender.Now);
            Send(symbol, FuturesStreams.ForceOrder, frame);
        }

        var all = _streams.MarketWide(FuturesStreams.ForceOrders);
        if (_sender.Begin(all, 0, symbol.Format) is { } one)
        {
            FuturesPayload.ForceOrder(one, symbol.Symbol, order, _sender.Now);
            _sender.Send(all, 0, one);
        }
    }

    private void PublishTickers(SymbolEngine engine, SymbolStreams symbol, FuturesMarketState market)
    {
        if (Begin(symbol, FuturesStreams.Ticker) is { } ticker)
        {
            FuturesPayload.Ticker(ticker, symbol.Symbol, engine.Statistics(_sender.Now), _sender.Now);
            Send(symbol, FuturesStreams.Ticker, ticker);
        }

        if (Begin(symbol, FuturesStreams.MiniTicker) is { } mini)
        {
            BinancePayload.MiniTicker(mini, symbol.Symbol, engine.Statistics(_sender.Now), _sender.Now, UnixTime.Millisecond);
            Send(symbol, FuturesStreams.MiniTicker, mini);
        }

        // Only symbols that traded since the last array.
        if (market.TickedId == engine.Truth.NextId)
        {
            return;
        }

        market.TickedId = engine.Truth.NextId;
        if (_arrays[FuturesStreams.Tickers].Next(0, symbol.Format) is { } element)
        {
            FuturesPayload.Ticker(element, symbol.Symbol, engine.Statistics(_sender.Now), _sender.Now);
        }

        if (_arrays[FuturesStreams.MiniTickers].Next(0, symbol.Format) is { } small)
        {
            BinancePayload.MiniTicker(small, symbol.Symbol, engine.Statistics(_sender.Now), _sender.Now, UnixTime.Millisecond);
        }
    }
}
