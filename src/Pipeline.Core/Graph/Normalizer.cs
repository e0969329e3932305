using Pipeline.Core.Candles;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Freshness;
using Pipeline.Core.Market;

namespace Pipeline.Core.Graph;

/// <summary>
/// Station 3: takes the venue off its records. Symbol numbers become instruments, venue times microseconds, and each record goes
/// into the batch of its instrument's lane.
/// </summary>
internal sealed class Normalizer(
    int lanes,
    Func<Instrument, int> partitionOf,
    MarketBatchPool pool,
    PipelineMetrics metrics,
    StreamActivity? activity = null,
    VenueClocks? clocks = null,
    PartitionGates? gates = null)
{
    // Lane of an instrument before it is looked up, and of one that is not taken any more.
    private const int Unknown = -1;
    private const int Gone = -2;

    // Of one whose partition is another's.
    private const int Foreign = -3;

    // Behind the lanes the partitions that are held: what comes of each is a batch by itself.
    private readonly MarketBatch?[] _open = new MarketBatch?[lanes + (gates?.Count ?? 0)];

    // Answers by length, used again and again: what is in them is sent on before the next is asked for.
    private readonly MarketBatch[]?[] _answers = new MarketBatch[]?[lanes + (gates?.Count ?? 0) + 1];
    private readonly MarketBatch _unwanted = new();
    private readonly MarketBatch _foreign = new();
    private int[] _laneOf = [];

    /// <summary>
    /// One batch per lane that the records touch, in an array that the next call fills anew. The venue batch stays the caller's.
    /// </summary>
    public MarketBatch[] Process(VenueBatch venue)
    {
        for (var i = 0; i < venue.Events.Count; i++)
        {
            var happened = venue.Events[i];
            switch (happened.Kind)
            {
                case MarketEventKind.Trade:
                    Add(venue, in venue.Trades[happened.Index]);
                    break;
                case MarketEventKind.Quote:
                    Add(venue, in venue.Quotes[happened.Index]);
                    break;
                case MarketEventKind.BookUpdate:
                    Add(venue, in venue.BookUpdates[happened.Index]);
                    break;
                case MarketEventKind.VenueCandle:
                    Add(venue, in venue.Candles[happened.Index]);
                    break;
                case MarketEventKind.Ticker:
                    Add(venue, in venue.Tickers[happened.Index]);
                    break;
                case MarketEventKind.MarkPrice:
                    Add(venue, in venue.MarkPrices[happened.Index]);
                    break;
                case MarketEventKind.FundingRate:
                    Add(venue, in venue.FundingRates[happened.Index]);
                    break;
                case MarketEventKind.Liquidation:
                    Add(venue, in venue.Liquidations[happened.Index]);
                    break;
                case MarketEventKind.PriceTick:
                    Add(venue, in venue.PriceTicks[happened.Index]);
                    break;
                default:
                    AddDeadLetter(venue, in venue.DeadLetters[happened.Index]);
                    break;
            }
        }

        if (venue.Repair is { } answer)
        {
            // Its lane is told what came of asking, though no trade may have come.
            BatchOf(LaneOf(answer.Instrument), venue).Repair = answer;
        }

        if (venue.Past is { } past)
        {
            BatchOf(LaneOf(past.Wish.Instrument), venue).Past = past;
        }

        activity?.Note(venue);
        clocks?.Note(venue);
        Count(venue);
        if (_unwanted.Events.Count > 0 || _unwanted.Repair is not null || _unwanted.Past is not null)
        {
            metrics.Dropped(venue.Source.Venue, "unwanted", _unwanted.Events.Count);
            _unwanted.Release();
        }

        if (_foreign.Events.Count > 0)
        {
            metrics.Dropped(venue.Source.Venue, "foreign-partition", _foreign.Events.Count);
            _foreign.Release();
        }

        return TakeOpen();
    }

    /// <summary>From now on what comes of the instrument is passed over, and counted.</summary>
    public void Forget(Instrument instrument)
    {
        LaneOf(instrument);
        _laneOf[instrument.Index] = Gone;
    }

    /// <summary>Gates of partitions have changed: who is held or passed over is looked up again.</summary>
    public void LookAgain()
    {
        for (var i = 0; i < _laneOf.Length; i++)
        {
            _laneOf[i] = _laneOf[i] == Gone ? Gone : Unknown;
        }
    }

    private void Add(VenueBatch venue, in VenueTrade trade)
    {
        var instrument = venue.Source.Symbols[trade.Symbol];
        BatchOf(LaneOf(instrument), venue).Add(new Trade(
            instrument,
            trade.Id,
            trade.FirstId,
            trade.Price,
            trade.Quantity,
            trade.Side,
            trade.Fills,
            trade.Kind,
            trade.Time * venue.Source.TimeUnit,
            venue.ReceivedTime,
            venue.TradeSource,
            AfterGap: false));
    }

    private void Add(VenueBatch venue, in VenueQuote quote)
    {
        var instrument = venue.Source.Symbols[quote.Symbol];
        BatchOf(LaneOf(instrument), venue).Add(new Quote(
            instrument,
            quote.UpdateId,
            quote.Bid,
            quote.BidQuantity,
            quote.Ask,
            quote.AskQuantity,
            quote.Time * venue.Source.TimeUnit,
            venue.ReceivedTime));
    }

    private void Add(VenueBatch venue, in VenueBookUpdate update)
    {
        var instrument = venue.Source.Symbols[update.Symbol];
        var levels = venue.Levels.Span.Slice(update.FirstLevel, update.Bids + update.Asks);
        BatchOf(LaneOf(instrument), venue).Add(
            new OrderBookUpdate(
                instrument,
                update.Kind,
                update.FirstUpdateId,
                update.LastUpdateId,
                update.PreviousUpdateId,
                FirstLevel: 0,
                update.Bids,
                update.Asks,
                update.Time * venue.Source.TimeUnit,
                venue.ReceivedTime),
            levels);
    }

    private void Add(VenueBatch venue, in VenueCandle candle)
    {
        var instrument = venue.Source.Symbols[candle.Symbol];
        BatchOf(LaneOf(instrument), venue).Add(candle.ToCandle(instrument, venue.Source.TimeUnit, venue.ReceivedTime));
    }

    private void Add(VenueBatch venue, in VenueTicker ticker)
    {
        var instrument = venue.Source.Symbols[ticker.Symbol];
        BatchOf(LaneOf(instrument), venue).Add(new Ticker(
            instrument,
            ticker.Last,
            ticker.LastQuantity,
            ticker.Bid,
            ticker.BidQuantity,
            ticker.Ask,
            ticker.AskQuantity,
            ticker.Open,
            ticker.High,
            ticker.Low,
            ticker.Volume,
            ticker.QuoteVolume,
            ticker.Time * venue.Source.TimeUnit,
            venue.ReceivedTime));
    }

    private void Add(VenueBatch venue, in VenueMarkPrice mark)
    {
        var instrument = venue.Source.Symbols[mark.Symbol];
        BatchOf(LaneOf(instrument), venue).Add(
            new MarkPrice(instrument, mark.Mark, mark.Index, mark.Time * venue.Source.TimeUnit, venue.ReceivedTime));
    }

    private void Add(VenueBatch venue, in VenueFundingRate funding)
    {
        var instrument = venue.Source.Symbols[funding.Symbol];
        BatchOf(LaneOf(instrument), venue).Add(new FundingRate(
            instrument,
            funding.Rate,
            funding.FundingTime * venue.Source.TimeUnit,
            funding.Time * venue.Source.TimeUnit,
            venue.ReceivedTime));
    }

    private void Add(VenueBatch venue, in VenueLiquidation liquidation)
    {
        var instrument = venue.Source.Symbols[liquidation.Symbol];
        BatchOf(LaneOf(instrument), venue).Add(new Liquidation(
            instrument,
            liquidation.Side,
            liquidation.Price,
            liquidation.AveragePrice,
            liquidation.Quantity,
            liquidation.Time * venue.Source.TimeUnit,
            venue.ReceivedTime));
    }

    private void Add(VenueBatch venue, in VenuePriceTick tick)
    {
        var instrument = venue.Source.Symbols[tick.Symbol];
        var signature = venue.Bytes.Span.Slice(tick.SignatureAt, tick.SignatureLength);
        BatchOf(LaneOf(instrument), venue).Add(
            new PriceTick(
                instrument,
                tick.Event,
                tick.Price,
                tick.Slot,
                tick.Index,
                SignatureAt: 0,
                tick.SignatureLength,
                tick.Time * venue.Source.TimeUnit,
                venue.ReceivedTime),
            signature);
    }

    private void AddDeadLetter(VenueBatch venue, in DeadLetter letter)
    {
        metrics.DeadLetter(letter.Venue, letter.Reason);

        // Dead letters are keyed by venue, not by instrument: one lane takes them all, so that they keep their order.
        BatchOf(0, venue).Add(letter, venue.Bytes.Span.Slice(letter.Offset, letter.Length));
    }

    private void Count(VenueBatch venue)
    {
        var name = venue.Source.Venue;
        metrics.ControlFrames(name, venue.ControlFrames);
        metrics.Events(name, "trade", venue.Trades.Count);
        metrics.Events(name, "quote", venue.Quotes.Count);
        metrics.Events(name, "book", venue.BookUpdates.Count);
        metrics.Events(name, "venue-candle", venue.Candles.Count);
        metrics.Events(name, "ticker", venue.Tickers.Count);
        metrics.Events(name, "mark", venue.MarkPrices.Count);
        metrics.Events(name, "funding", venue.FundingRates.Count);
        metrics.Events(name, "liquidation", venue.Liquidations.Count);
        metrics.Events(name, "price", venue.PriceTicks.Count);

        // A table that discovers takes every symbol, until it is full.
        metrics.Dropped(name, venue.Source.Symbols.IsFull ? "symbols-full" : "unwanted", venue.Unwanted);
    }

    private MarketBatch BatchOf(int lane, VenueBatch venue)
    {
        if (lane < 0)
        {
            return lane == Gone ? _unwanted : _foreign;
        }

        if (_open[lane] is { } open)
        {
            return open;
        }

        var batch = pool.Rent();
        batch.Lane = lane;
        batch.Now = venue.ReceivedTime;
        batch.Connection = venue.Source.Connection;
        batch.Socket = venue.Origin.Socket;
        batch.Series = venue.Origin.Series;
        batch.Legs = venue.Origin.Legs;
        return _open[lane] = batch;
    }

    private int LaneOf(Instrument instrument)
    {
        if (instrument.Index >= _laneOf.Length)
        {
            var known = _laneOf.Length;
            Array.Resize(ref _laneOf, Math.Max(instrument.Index + 1, known * 2));
            _laneOf.AsSpan(known).Fill(Unknown);
        }

        ref var lane = ref _laneOf[instrument.Index];
        if (lane == Unknown)
        {
            lane = Find(partitionOf(instrument));
        }

        return lane;
    }

    private int Find(int partition) => gates?.StateOf(partition) switch
    {
        GateState.Foreign => Foreign,
        GateState.Held => lanes + partition,
        _ => partition % lanes,
    };

    private MarketBatch[] TakeOpen()
    {
        var count = 0;
        foreach (var batch in _open)
        {
            count += batch is null ? 0 : 1;
        }

        if (count == 0)
        {
            return [];
        }

        var taken = _answers[count] ??= new MarketBatch[count];
        for (var lane = _open.Length - 1; lane >= 0; lane--)
        {
            if (_open[lane] is { } batch)
            {
                taken[--count] = batch;
                _open[lane] = null;
            }
        }

        return taken;
    }
}
