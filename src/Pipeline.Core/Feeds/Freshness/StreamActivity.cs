using System.Runtime.CompilerServices;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds.Freshness;

/// <summary>
/// What came of every stream of every venue. Station 3 writes, on its one thread and without allocation once a stream is known; freshness,
/// probes and rotation read, from any thread and without a lock. Answers to requests of our own came over no socket and do not count.
/// </summary>
public sealed class StreamActivity : IStreamProgress
{
    /// <summary>An event that is so much older on arrival than usual is late.</summary>
    public static readonly TimeSpan MaxLag = TimeSpan.FromSeconds(10);

    private readonly PipelineMetrics? _metrics;
    private readonly Lock _making = new();

    /// <summary>By kind, then by instrument: those of one kind come together, and so do their places here.</summary>
    private readonly StreamTrace?[][] _traces = [.. Enumerable.Repeat<StreamTrace?[]>([], StreamKind.Count)];
    private VenueLag[] _lags = [];

    public StreamActivity(PipelineMetrics? metrics = null) => _metrics = metrics;

    /// <summary>Whether a stream without one instrument works only its connection tells: false for those.</summary>
    /// <inheritdoc/>
    public bool Carries(FeedStream stream, long socket)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return stream.Instrument is { } instrument && StreamKind.Of(stream) is var kind and >= 0
            && Find(instrument, kind) is { } trace && trace.Carries(socket, IsChained(instrument, kind));
    }

    /// <summary>To be called by station 3 alone, for each batch.</summary>
    public void Note(VenueBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Origin.Socket == 0)
        {
            return;
        }

        var lag = LagOf(batch.Source.Venue);
        var pass = new Pass(this, batch, new Arrival(batch.ReceivedTime, batch.Origin.Socket, batch.Origin.Series, lag.Limit));
        pass.Run();
        if (pass.LeastLag != long.MaxValue)
        {
            lag.Note(pass.LeastLag, batch.ReceivedTime);

            // The venue's clock may be ahead of ours: by how much at least, its events have shown by arriving before they happened.
            lag.Latency?.Add(pass.LeastLag - Math.Min(0, lag.Usual), batch.ReceivedTime);
        }

        _metrics?.EventsAhead(batch.Source.Venue, pass.Ahead);
    }

    /// <summary>Null when nothing is known of it yet.</summary>
    internal StreamTrace? Find(Instrument instrument, int kind)
    {
        var (traces, index) = (Volatile.Read(ref _traces[kind]), instrument.Index);
        return (uint)index < (uint)traces.Length ? Volatile.Read(ref traces[index]) : null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal StreamTrace Of(Instrument instrument, int kind)
    {
        var (traces, index) = (_traces[kind], instrument.Index);
        return (uint)index < (uint)traces.Length && traces[index] is { } trace ? trace : Make(kind, index);
    }

    internal VenueLag LagOf(string venue)
    {
        foreach (var lag in Volatile.Read(ref _lags))
        {
            if (ReferenceEquals(lag.Venue, venue) || lag.Venue == venue)
            {
                return lag;
            }
        }

        return MakeLag(venue);
    }

    private static bool IsChained(Instrument instrument, int kind) => kind switch
    {
        StreamKind.Trade => instrument.Rules.Trades != IdDiscipline.Unordered,
        StreamKind.Book => true,
        _ => false,
    };

    [MethodImpl(MethodImplOptions.NoInlining)]
    private StreamTrace Make(int kind, int index)
    {
        lock (_making)
        {
            var traces = _traces[kind];
            if (index >= traces.Length)
            {
                var more = new StreamTrace?[Math.Max(index + 1, traces.Length * 2)];
                traces.CopyTo(more, 0);
                Volatile.Write(ref _traces[kind], more);
                traces = more;
            }

            if (traces[index] is not { } trace)
            {
                trace = new StreamTrace();
                Volatile.Write(ref traces[index], trace);
            }

            return trace;
        }
    }

    private VenueLag MakeLag(string venue)
    {
        lock (_making)
        {
            foreach (var known in _lags)
            {
                if (known.Venue == venue)
                {
                    return known;
                }
            }

            var lag = new VenueLag(venue, MarketTime.From(MaxLag)) { Latency = _metrics?.StageLatency("arrival", venue) };
            Volatile.Write(ref _lags, [.. _lags, lag]);
            _metrics?.AddLag(venue, () => lag.Usual, () => lag.Newest);
            return lag;
        }
    }

    /// <summary>
    /// One batch: kind by kind, since their order does not matter here. The loops are compiled once and for all: a profile would be taken
    /// while the streams begin, when what is rare later is all that happens.
    /// </summary>
    private ref struct Pass(StreamActivity activity, VenueBatch batch, Arrival arrival)
    {
        private readonly SymbolTable _symbols = batch.Source.Symbols;
        private readonly int _unit = batch.Source.TimeUnit;
        private readonly Arrival _arrival = arrival;

        private Ages _ages = new(arrival.Time, batch.Source.TimeUnit);

        /// <summary>The maximum where no event told its time.</summary>
        public readonly long LeastLag => _ages.Least;

        /// <summary>Events from the future.</summary>
        public readonly int Ahead => _ages.Ahead;

        public void Run()
        {
            NoteTrades();
            NoteQuotes();
            NoteBooks();
            NoteOthers();
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void NoteTrades()
        {
            var ages = _ages;
            foreach (ref readonly var trade in batch.Trades.Span)
            {
                var instrument = _symbols[trade.Symbol];
                var discipline = instrument.Rules.Trades;
                var (first, id) = discipline == IdDiscipline.Unordered
                    ? (0L, 0L)
                    : (discipline == IdDiscipline.Ranges ? trade.FirstId : trade.Id, trade.Id);
                activity.Of(instrument, StreamKind.Trade).Note(_arrival, first, id, ages.Take(trade.Time), judgesLag: true);
            }

            _ages = ages;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void NoteQuotes()
        {
            var ages = _ages;
            foreach (ref readonly var quote in batch.Quotes.Span)
            {
                var trace = activity.Of(_symbols[quote.Symbol], StreamKind.Quote);
                trace.NoteDigest(QuoteDigest.Of(quote.Bid, quote.BidQuantity, quote.Ask, quote.AskQuantity));
                trace.Note(_arrival, quote.UpdateId, quote.UpdateId, ages.Take(quote.Time), judgesLag: true);
            }

            _ages = ages;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void NoteBooks()
        {
            var ages = _ages;
            foreach (ref readonly var update in batch.BookUpdates.Span)
            {
                var instrument = _symbols[update.Symbol];
                var isSnapshot = update.Kind == BookUpdateKind.Snapshot;
                var kind = update.Kind == BookUpdateKind.Partial ? StreamKind.PartialBook : StreamKind.Book;

                // A snapshot builds on nothing; an update builds on the one it names, or on the id before its first.
                var first = isSnapshot ? long.MinValue : update.PreviousUpdateId >= 0 ? update.PreviousUpdateId + 1 : update.FirstUpdateId;
                activity.Of(instrument, kind).Note(_arrival, first, update.LastUpdateId, isSnapshot ? 0 : ages.Take(update.Time), judgesLag: true);
            }

            _ages = ages;
        }

        /// <summary>Their times are those of what they tell, which may be old when they are sent.</summary>
        private readonly void NoteOthers()
        {
            foreach (ref readonly var candle in batch.Candles.Span)
            {
                activity.Of(_symbols[candle.Symbol], StreamKind.OfCandle(candle.Interval)).Note(_arrival, 0, 0, candle.Time * _unit, judgesLag: false);
            }

            foreach (ref readonly var ticker in batch.Tickers.Span)
            {
                activity.Of(_symbols[ticker.Symbol], StreamKind.Ticker).Note(_arrival, 0, 0, ticker.Time * _unit, judgesLag: false);
            }

            foreach (ref readonly var mark in batch.MarkPrices.Span)
            {
                activity.Of(_symbols[mark.Symbol], StreamKind.MarkPrice).Note(_arrival, 0, 0, mark.Time * _unit, judgesLag: false);
            }

            foreach (ref readonly var funding in batch.FundingRates.Span)
            {
                activity.Of(_symbols[funding.Symbol], StreamKind.Funding).Note(_arrival, 0, 0, funding.Time * _unit, judgesLag: false);
            }

            foreach (ref readonly var liquidation in batch.Liquidations.Span)
            {
                activity.Of(_symbols[liquidation.Symbol], StreamKind.Liquidation).Note(_arrival, 0, 0, liquidation.Time * _unit, judgesLag: false);
            }

            foreach (ref readonly var tick in batch.PriceTicks.Span)
            {
                activity.Of(_symbols[tick.Symbol], StreamKind.Price).Note(_arrival, 0, 0, tick.Time * _unit, judgesLag: false);
            }
        }
    }

    /// <summary>How old the events of a batch are; a copy in a local variable stays in registers.</summary>
    private struct Ages(long now, int unit)
    {
        public long Least { get; private set; } = long.MaxValue;

        public int Ahead { get; private set; }

        /// <summary>The event's time in microseconds; 0 where none is told.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public long Take(long time)
        {
            if (time <= 0)
            {
                return 0;
            }

            var lag = now - (time * unit);
            Least = Math.Min(Least, lag);
            Ahead += lag < 0 ? 1 : 0;
            return time * unit;
        }
    }
}
