using System.Text;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;
using Pipeline.Kafka.Native;
using Pipeline.Kafka.Partitioning;
using Pipeline.Kafka.Records;
using Pipeline.Kafka.Topics;

namespace Pipeline.Kafka.Sink;

/// <summary>
/// Turns events into records and hands them to the client until one does not fit. Holds the buffers of one lane at a time, and counts
/// per call what it reports per batch.
/// </summary>
internal sealed class SinkWriter
{
    private const int FirstKeySize = 256;
    private readonly ProducerClient _client;
    private readonly PipelineMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly InstrumentTexts _instruments;
    private readonly RecordWriter _records;
    private readonly RecordHeaders _headers = new();
    private readonly TopicLedger[] _topics;
    private readonly (long Records, long Bytes)[] _handedOver;
    private readonly TopicLedger _trades;
    private readonly TopicLedger _quotes;
    private readonly TopicLedger _books;
    private readonly TopicLedger _tickers;
    private readonly TopicLedger _markPrices;
    private readonly TopicLedger _fundingRates;
    private readonly TopicLedger _liquidations;
    private readonly TopicLedger _prices;
    private readonly TopicLedger _candles;
    private readonly TopicLedger _venueCandles;
    private readonly TopicLedger _health;
    private readonly TopicLedger _instrumentRecords;
    private readonly TopicLedger _statuses;
    private readonly TopicLedger _deadLetters;
    private readonly TopicLedger _audits;
    private byte[] _key = new byte[FirstKeySize];

    public SinkWriter(
        ProducerClient client,
        DeliveryLedger ledger,
        TopicCatalog catalog,
        InstrumentTexts instruments,
        PipelineMetrics metrics,
        TimeProvider clock)
    {
        _client = client;
        _metrics = metrics;
        _clock = clock;
        _instruments = instruments;
        _records = new RecordWriter(instruments);
        _topics = ledger.Topics;
        _handedOver = new (long, long)[_topics.Length];
        _trades = ledger.Of(catalog.Trades);
        _quotes = ledger.Of(catalog.Quotes);
        _books = ledger.Of(catalog.Books);
        _tickers = ledger.Of(catalog.Tickers);
        _markPrices = ledger.Of(catalog.MarkPrices);
        _fundingRates = ledger.Of(catalog.FundingRates);
        _liquidations = ledger.Of(catalog.Liquidations);
        _prices = ledger.Of(catalog.Prices);
        _candles = ledger.Of(catalog.Candles);
        _venueCandles = ledger.Of(catalog.VenueCandles);
        _health = ledger.Of(catalog.Health);
        _instrumentRecords = ledger.Of(catalog.Instruments);
        _statuses = ledger.Of(catalog.Status);
        _deadLetters = ledger.Of(catalog.DeadLetters);
        _audits = ledger.Of(catalog.Audit);
    }

    /// <summary>Hands over the events from <paramref name="next"/> on.</summary>
    /// <returns>The first event for which there was no room, or their number.</returns>
    /// <exception cref="KafkaSinkException">The client refuses records for good.</exception>
    public int Write(MarketBatch batch, int next)
    {
        _headers.Begin(batch.Connection, MarketTime.Now(_clock));
        try
        {
            while (next < batch.Events.Count && TryWrite(batch, batch.Events[next]))
            {
                next++;
            }

            return next;
        }
        finally
        {
            Report();
        }
    }

    private bool TryWrite(MarketBatch batch, MarketEvent marketEvent)
    {
        var index = marketEvent.Index;
        switch (marketEvent.Kind)
        {
            case MarketEventKind.Trade:
                ref var trade = ref batch.Trades[index];
                return TrySend(_trades, trade.Instrument, _records.Write(trade), trade.ReceivedTime);
            case MarketEventKind.Quote:
                ref var quote = ref batch.Quotes[index];
                return TrySend(_quotes, quote.Instrument, _records.Write(quote), quote.ReceivedTime);
            case MarketEventKind.BookUpdate:
                ref var update = ref batch.BookUpdates[index];
                var levels = batch.Levels.Span.Slice(update.FirstLevel, update.Bids + update.Asks);
                return TrySend(_books, update.Instrument, _records.Write(update, levels), update.ReceivedTime);
            case MarketEventKind.Candle:
                return TryWrite(_candles, batch.Candles[index]);
            case MarketEventKind.VenueCandle:
                return TryWrite(_venueCandles, batch.Candles[index]);
            case MarketEventKind.Ticker:
                ref var ticker = ref batch.Tickers[index];
                return TrySend(_tickers, ticker.Instrument, _records.Write(ticker), ticker.ReceivedTime);
            case MarketEventKind.MarkPrice:
                ref var mark = ref batch.MarkPrices[index];
                return TrySend(_markPrices, mark.Instrument, _records.Write(mark), mark.ReceivedTime);
            case MarketEventKind.FundingRate:
                ref var funding = ref batch.FundingRates[index];
                return TrySend(_fundingRates, funding.Instrument, _records.Write(funding), funding.ReceivedTime);
            case MarketEventKind.Liquidation:
                ref var liquidation = ref batch.Liquidations[index];
                return TrySend(_liquidations, liquidation.Instrument, _records.Write(liquidation), liquidation.ReceivedTime);
            case MarketEventKind.PriceTick:
                ref var tick = ref batch.PriceTicks[index];
                var signature = batch.Bytes.Span.Slice(tick.SignatureAt, tick.SignatureLength);
                return TrySend(_prices, tick.Instrument, _records.Write(tick, signature), tick.ReceivedTime);
            case MarketEventKind.Health:
                ref var health = ref batch.Health[index];
                return TrySendKeyed(_health, health.Instrument, RecordKey.OfHealth(health, ref _key), _records.Write(health), health.Since);
            case MarketEventKind.Instrument:
                return TryWriteInstrument(batch.Instruments[index]);
            case MarketEventKind.Status:
                return TryWriteStatus(batch.Statuses[index]);
            case MarketEventKind.DeadLetter:
                ref var letter = ref batch.DeadLetters[index];
                return TryWriteDeadLetter(letter, batch.Bytes.Span.Slice(letter.Offset, letter.Length));
            case MarketEventKind.Audit:
                var finding = batch.Audits[index];
                return TrySendKeyed(
                    _audits, finding.Instrument, RecordKey.OfAudit(finding, ref _key), _records.Write(finding), finding.FoundTime);
            default:
                throw new InvalidOperationException($"There is no topic for records of kind {marketEvent.Kind}.");
        }
    }

    private bool TryWrite(TopicLedger topic, in Candle candle) =>
        TrySendKeyed(topic, candle.Instrument, RecordKey.OfCandle(candle, ref _key), _records.Write(candle), candle.ReceivedTime);

    /// <summary>Instruments of the whole venue are not all registered here: the key is made from their names.</summary>
    private bool TryWriteInstrument(InstrumentRecord record)
    {
        var key = RecordKey.OfInstrument(record.Info, ref _key);
        var hash = InstrumentPartitioner.PositiveHash(key);
        return TrySend(_instrumentRecords, record.Info.Venue, hash, key, _records.Write(record), record.UpdatedTime);
    }

    private bool TryWriteStatus(CollectorStatus status)
    {
        var key = RecordKey.OfStatus(status, ref _key);
        return TrySend(_statuses, status.Venue, InstrumentPartitioner.PositiveHash(key), key, _records.Write(status), status.Time);
    }

    private bool TrySend(TopicLedger topic, Instrument instrument, ReadOnlySpan<byte> value, long receivedTime) =>
        TrySendKeyed(topic, instrument, instrument.KeyUtf8.Span, value, receivedTime);

    private bool TrySendKeyed(
        TopicLedger topic, Instrument instrument, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long receivedTime) =>
        TrySend(topic, instrument.Venue, _instruments.Of(instrument).Hash, key, value, receivedTime);

    private bool TrySend(
        TopicLedger topic, string venue, int hash, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long receivedTime) =>
        key.Length + value.Length + _headers.Size > _client.MaxRecord
            ? TryWriteOversize(venue, value.ToArray(), receivedTime)
            : TryHandOver(topic, hash % topic.Partitions.Length, key, value, receivedTime);

    /// <summary>A record the client could never take is kept as a dead letter, cut to what it can take.</summary>
    private bool TryWriteOversize(string venue, byte[] value, long receivedTime)
    {
        var connection = Encoding.UTF8.GetString(_headers.Leg);
        return TryWriteDeadLetter(new DeadLetter(venue, connection, "oversize-record", 0, value.Length, value.Length, receivedTime), value);
    }

    private bool TryWriteDeadLetter(in DeadLetter letter, ReadOnlySpan<byte> frame)
    {
        var size = Encoding.UTF8.GetMaxByteCount(letter.Venue.Length);
        if (_key.Length < size)
        {
            _key = new byte[size];
        }

        var key = _key.AsSpan(0, Encoding.UTF8.GetBytes(letter.Venue, _key));
        var room = (int)_client.MaxRecord - key.Length - _headers.Size;
        var value = _records.Write(letter, frame, room);
        if (value.Length > room)
        {
            _metrics.Dropped(letter.Venue, "oversize-dead-letter");
            return true;
        }

        var partition = InstrumentPartitioner.PositiveHash(key) % _deadLetters.Partitions.Length;
        var taken = TryHandOver(_deadLetters, partition, key, value, letter.ReceivedTime);
        _records.Trim();
        return taken;
    }

    private bool TryHandOver(TopicLedger topic, int partition, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long receivedTime)
    {
        _headers.SetReceived(receivedTime);
        var bytes = key.Length + value.Length;
        var ledger = topic.Partitions[partition];
        ledger.Take(bytes);
        var code = _client.Produce(topic, partition, key, value, _headers, out var error);
        if (code == ErrorCode.None)
        {
            ref var count = ref _handedOver[topic.Index];
            count.Records++;
            count.Bytes += value.Length;
            return true;
        }

        ledger.GiveBack(bytes);
        var text = ProducerClient.Describe(error);
        if (code == ErrorCode.QueueFull)
        {
            return false;
        }

        var place = $"{topic.Name}[{partition}]";
        throw new KafkaSinkException(ErrorCodes.NameOf(code), $"The Kafka client takes no record of {place}: {text}.");
    }

    private void Report()
    {
        for (var i = 0; i < _handedOver.Length; i++)
        {
            if (_handedOver[i].Records > 0)
            {
                _metrics.HandedOver(_topics[i].Name, _handedOver[i].Records, _handedOver[i].Bytes);
                _handedOver[i] = default;
            }
        }
    }
}
