using Pipeline.Core.Market;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Okx;

/// <summary>Turns what happens in the world into pushes, each encoded once for all who subscribed.</summary>
internal sealed partial class OkxPublisher : IMarketListener
{
    private readonly FrameBuilder _frame = new();
    private readonly FrameSender _sender = new();
    private readonly ValueList<AggregateTrade> _rows = new();
    private OkxDirectory _directory = new([]);
    private OkxInstrument? _rowsOf;
    private long _now;

    /// <summary>Names the channels; before the world starts.</summary>
    public void Open(OkxDirectory directory) => _directory = directory;

    public void BeginTurn(long now) => _now = now;

    public void OnTrade(SymbolEngine engine, in EngineTrade trade)
    {
        var instrument = _directory.Of(engine);
        instrument.TickerIsDirty = true;
        if (instrument.Spec.IsPerpetual)
        {
            // Every other trade opens positions, the rest closes some.
            var most = instrument.OpenInterest / 2;
            instrument.OpenInterest += (trade.Id & 1) == 0 ? trade.Quantity : -Int128.Min(trade.Quantity, most);
        }

        if (instrument.AllTrades.IsWanted)
        {
            Begin(instrument.AllTrades);
            OkxPayload.Fill(_frame, instrument, trade);
            End(instrument.AllTrades);
        }
    }

    public void OnAggregateTrade(SymbolEngine engine, in AggregateTrade trade)
    {
        var instrument = _directory.Of(engine);
        if (instrument.Trades.IsWanted)
        {
            _rowsOf = instrument;
            _rows.Add(trade);
        }
    }

    public void OnLiquidation(SymbolEngine engine, in World.Liquidation liquidation)
    {
        if (_directory.Liquidations.IsWanted)
        {
            Begin(_directory.Liquidations);
            OkxSwapPayload.Liquidation(_frame, _directory.Of(engine), liquidation);
            End(_directory.Liquidations);
        }
    }

    public void OnQuote(SymbolEngine engine)
    {
        FlushTrades();
        var instrument = _directory.Of(engine);
        instrument.BestIsDirty = true;
        instrument.TickerIsDirty = true;
    }

    public void OnBookInterval(SymbolEngine engine, bool wholeSecond)
    {
        var instrument = _directory.Of(engine);
        instrument.Intervals++;
        PublishBestLevels(instrument);
        PublishBook(instrument);
        PublishTopBook(instrument);
        PublishStates(instrument);
    }

    public void OnKline(SymbolEngine engine, int series, in KlineBar bar, bool closed)
    {
        var instrument = _directory.Of(engine);
        if (instrument.Candle(series) is { IsWanted: true } channel)
        {
            Begin(channel);
            OkxPayload.Candle(_frame, instrument, bar, closed);
            End(channel);
        }
    }

    public void OnSecond(SymbolEngine engine)
    {
    }

    public void EndTurn()
    {
        foreach (var instrument in _directory.Instruments)
        {
            PublishBestLevels(instrument);
        }

        _sender.Flush();
    }

    /// <summary>The rows of one taker order go in one push.</summary>
    private void FlushTrades()
    {
        if (_rowsOf is not { } instrument)
        {
            return;
        }

        Begin(instrument.Trades);
        for (var i = 0; i < _rows.Count; i++)
        {
            _frame.Text(i == 0 ? ""u8 : ","u8);
            OkxPayload.Trade(_frame, instrument, _rows[i], instrument.SequenceOf(instrument.Engine.Book.LastUpdateId));
        }

        End(instrument.Trades);
        _rows.Clear();
        _rowsOf = null;
    }

    private void Begin(OkxChannel channel)
    {
        _sender.Stream = channel.Arg.Name;
        _frame.Begin();
        _frame.Text(channel.Head).Text("\"data\":["u8);
    }

    private void End(OkxChannel channel) => End(channel.Subscribers.Active);

    private void End(ReadOnlySpan<IPublishedSession> sessions)
    {
        _frame.Text("]}"u8);
        _sender.Send(sessions, _frame.Bare());
    }
}
