using System.Diagnostics;

namespace Pipeline.Core.Market;

/// <summary>
/// Events that travel together from normalise to the sink: one list per kind, and <see cref="Events"/> for their order.
/// Owned by one station at a time; the station that is done last returns it to its <see cref="MarketBatchPool"/>.
/// </summary>
public sealed class MarketBatch
{
    private readonly MarketBatchPool? _pool;

    public MarketBatch(MarketBatchPool? pool = null) => _pool = pool;

    /// <summary>Lane that handles the batch behind normalise.</summary>
    public int Lane { get; set; }

    /// <summary>Time by the market clock at which the frames arrived, or of the tick; microseconds.</summary>
    public long Now { get; set; }

    /// <summary>
    /// Connection that carried the frames, for the record header <c>leg</c>; null for a tick. Trades that had waited for ids before them,
    /// and books that went on over another socket, leave in the batch that released them and bear its name.
    /// </summary>
    public string? Connection { get; set; }

    /// <summary>The socket that carried the frames, a number that rises with each one opened; 0 for a tick or an answer.</summary>
    public long Socket { get; set; }

    /// <summary>Rises whenever data of the connection may have been missed; sockets that overlap share it. 0 for a tick or an answer.</summary>
    public long Series { get; set; }

    /// <summary>Sockets that carried the same streams when the frames arrived: with more than one, another may bring what this one lacks.</summary>
    public int Legs { get; set; }

    /// <summary>Nothing follows in this lane: what waits for something leaves with it.</summary>
    public bool IsLast { get; set; }

    /// <summary>Which hole the batch's trades were fetched for; null = it is no answer of repair.</summary>
    public RepairAnswer? Repair { get; set; }

    /// <summary>Trades that a venue's candle counts and ours does not; null = none.</summary>
    public AuditRepair? Lacking { get; set; }

    /// <summary>What a venue gave for the time before a series; null = the batch brings nothing of it.</summary>
    public CandleAnswer? Past { get; set; }

    /// <summary>
    /// Instruments whose state is wanted: station 4 adds an <see cref="InstrumentState"/> for each that has changed since the last time,
    /// behind everything else in the batch, and station 5 completes them.
    /// </summary>
    public bool IsCheckpoint { get; set; }

    /// <summary>With <see cref="IsCheckpoint"/>: all instruments are wanted, changed or not.</summary>
    public bool IsWholeCheckpoint { get; set; }

    /// <summary>An instrument that the stations are to let go of, before what else is in the batch; null = none.</summary>
    public Instrument? Forgotten { get; set; }

    /// <summary>The span of its way, where it is one of those that are traced; it ends with the batch. Null = it is not.</summary>
    public Activity? Trace { get; set; }

    /// <summary>A partition all of whose instruments the stations are to let go of, before what else is in the batch; null = none.</summary>
    public int? Left { get; set; }

    public ValueList<MarketEvent> Events { get; } = new();

    public ValueList<Trade> Trades { get; } = new();

    public ValueList<Quote> Quotes { get; } = new();

    public ValueList<OrderBookUpdate> BookUpdates { get; } = new();

    public ValueList<BookLevel> Levels { get; } = new();

    public ValueList<Candle> Candles { get; } = new();

    public ValueList<Ticker> Tickers { get; } = new();

    public ValueList<MarkPrice> MarkPrices { get; } = new();

    public ValueList<FundingRate> FundingRates { get; } = new();

    public ValueList<Liquidation> Liquidations { get; } = new();

    public ValueList<PriceTick> PriceTicks { get; } = new();

    public ValueList<DeadLetter> DeadLetters { get; } = new();

    public ValueList<StreamHealth> Health { get; } = new();

    public ValueList<Gap> Gaps { get; } = new();

    public ValueList<InstrumentState> States { get; } = new();

    public ValueList<AuditFinding> Audits { get; } = new();

    public ValueList<InstrumentRecord> Instruments { get; } = new();

    public ValueList<CollectorStatus> Statuses { get; } = new();

    /// <summary>Bytes of dead letters and of signatures.</summary>
    public ValueList<byte> Bytes { get; } = new();

    public void Add(in Trade trade)
    {
        Events.Add(new MarketEvent(MarketEventKind.Trade, Trades.Count));
        Trades.Add(trade);
    }

    public void Add(in Quote quote)
    {
        Events.Add(new MarketEvent(MarketEventKind.Quote, Quotes.Count));
        Quotes.Add(quote);
    }

    public void Add(in OrderBookUpdate update, ReadOnlySpan<BookLevel> levels)
    {
        Events.Add(new MarketEvent(MarketEventKind.BookUpdate, BookUpdates.Count));
        BookUpdates.Add(update with { FirstLevel = Levels.Count });
        Levels.AddRange(levels);
    }

    /// <summary>Adds one of our candles, or one of the venue's own.</summary>
    public void Add(in Candle candle)
    {
        var kind = candle.Source == CandleSource.Venue ? MarketEventKind.VenueCandle : MarketEventKind.Candle;
        Events.Add(new MarketEvent(kind, Candles.Count));
        Candles.Add(candle);
    }

    /// <summary>Adds a candle of the venue that stands among ours, for the time before them.</summary>
    public void AddPast(in Candle candle)
    {
        Events.Add(new MarketEvent(MarketEventKind.Candle, Candles.Count));
        Candles.Add(candle);
    }

    public void Add(in Ticker ticker)
    {
        Events.Add(new MarketEvent(MarketEventKind.Ticker, Tickers.Count));
        Tickers.Add(ticker);
    }

    public void Add(in MarkPrice markPrice)
    {
        Events.Add(new MarketEvent(MarketEventKind.MarkPrice, MarkPrices.Count));
        MarkPrices.Add(markPrice);
    }

    public void Add(in FundingRate fundingRate)
    {
        Events.Add(new MarketEvent(MarketEventKind.FundingRate, FundingRates.Count));
        FundingRates.Add(fundingRate);
    }

    public void Add(in Liquidation liquidation)
    {
        Events.Add(new MarketEvent(MarketEventKind.Liquidation, Liquidations.Count));
        Liquidations.Add(liquidation);
    }

    public void Add(in PriceTick tick, ReadOnlySpan<byte> signature)
    {
        Events.Add(new MarketEvent(MarketEventKind.PriceTick, PriceTicks.Count));
        PriceTicks.Add(tick with { SignatureAt = Bytes.Count, SignatureLength = signature.Length });
        Bytes.AddRange(signature);
    }

    public void Add(in DeadLetter letter, ReadOnlySpan<byte> frame)
    {
        Events.Add(new MarketEvent(MarketEventKind.DeadLetter, DeadLetters.Count));
        DeadLetters.Add(letter with { Offset = Bytes.Count, Length = frame.Length });
        Bytes.AddRange(frame);
    }

    public void Add(in StreamHealth health)
    {
        Events.Add(new MarketEvent(MarketEventKind.Health, Health.Count));
        Health.Add(health);
    }

    public void Add(in Gap gap)
    {
        Events.Add(new MarketEvent(MarketEventKind.Gap, Gaps.Count));
        Gaps.Add(gap);
    }

    public void Add(InstrumentState state)
    {
        Events.Add(new MarketEvent(MarketEventKind.State, States.Count));
        States.Add(state);
    }

    /// <summary>Leaves out the states of which nothing has changed. The others stand behind everything else.</summary>
    public void DropUnchangedStates()
    {
        var states = States.Span.ToArray();
        States.Clear();
        var kept = 0;
        for (var i = 0; i < Events.Count; i++)
        {
            if (Events[i].Kind != MarketEventKind.State)
            {
                Events[kept++] = Events[i];
            }
        }

        Events.Truncate(kept);
        foreach (var state in states)
        {
            if (!state.IsUnchanged)
            {
                Add(state);
            }
        }
    }

    public void Add(AuditFinding finding)
    {
        Events.Add(new MarketEvent(MarketEventKind.Audit, Audits.Count));
        Audits.Add(finding);
    }

    public void Add(InstrumentRecord instrument)
    {
        Events.Add(new MarketEvent(MarketEventKind.Instrument, Instruments.Count));
        Instruments.Add(instrument);
    }

    public void Add(CollectorStatus status)
    {
        Events.Add(new MarketEvent(MarketEventKind.Status, Statuses.Count));
        Statuses.Add(status);
    }

    /// <summary>Whom an event is about; null when it is no instrument's.</summary>
    public Instrument? InstrumentOf(MarketEvent happened) => happened.Kind switch
    {
        MarketEventKind.Trade => Trades[happened.Index].Instrument,
        MarketEventKind.Quote => Quotes[happened.Index].Instrument,
        MarketEventKind.BookUpdate => BookUpdates[happened.Index].Instrument,
        MarketEventKind.Candle or MarketEventKind.VenueCandle => Candles[happened.Index].Instrument,
        MarketEventKind.Ticker => Tickers[happened.Index].Instrument,
        MarketEventKind.MarkPrice => MarkPrices[happened.Index].Instrument,
        MarketEventKind.FundingRate => FundingRates[happened.Index].Instrument,
        MarketEventKind.Liquidation => Liquidations[happened.Index].Instrument,
        MarketEventKind.PriceTick => PriceTicks[happened.Index].Instrument,
        MarketEventKind.Health => Health[happened.Index].Instrument,
        MarketEventKind.Gap => Gaps[happened.Index].Instrument,
        MarketEventKind.State => States[happened.Index].Instrument,
        MarketEventKind.Audit => Audits[happened.Index].Instrument,
        _ => null,
    };

    /// <summary>Leaves out what is about instruments that are not wanted; true when anything was.</summary>
    public bool Keep(Func<Instrument, bool> isWanted)
    {
        ArgumentNullException.ThrowIfNull(isWanted);
        var kept = 0;
        for (var i = 0; i < Events.Count; i++)
        {
            if (InstrumentOf(Events[i]) is not { } instrument || isWanted(instrument))
            {
                Events[kept++] = Events[i];
            }
        }

        if (kept == Events.Count)
        {
            return false;
        }

        Events.Truncate(kept);
        KeepStates();
        return true;
    }

    /// <summary>Empties the batch and gives it back to its pool.</summary>
    public void Release()
    {
        Trace?.Dispose();
        Trace = null;
        Connection = null;
        Socket = 0;
        Series = 0;
        Legs = 0;
        IsLast = false;
        Forgotten = null;
        Left = null;
        Repair = null;
        Past = null;
        Lacking = null;
        IsCheckpoint = false;
        IsWholeCheckpoint = false;
        Events.Clear();
        Trades.Clear();
        Quotes.Clear();
        BookUpdates.Clear();
        Levels.Clear();
        Candles.Clear();
        Tickers.Clear();
        MarkPrices.Clear();
        FundingRates.Clear();
        Liquidations.Clear();
        PriceTicks.Clear();
        DeadLetters.Clear();
        Health.Clear();
        Gaps.Clear();
        States.Clear();
        Audits.Clear();
        Instruments.Clear();
        Statuses.Clear();
        Bytes.Clear();
        _pool?.Return(this);
    }

    /// <summary>States are taken by their list, not by their events.</summary>
    private void KeepStates()
    {
        if (States.Count == 0)
        {
            return;
        }

        var all = States.Span.ToArray();
        States.Clear();
        for (var i = 0; i < Events.Count; i++)
        {
            if (Events[i].Kind == MarketEventKind.State)
            {
                var state = all[Events[i].Index];
                Events[i] = new MarketEvent(MarketEventKind.State, States.Count);
                States.Add(state);
            }
        }
    }
}
