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
internal sealed partial class SinkWriter
{
    private const int FirstKeySize = 256;
    private static readonly byte[] ProtobufType = Encoding.ASCII.GetBytes(ProtobufRecords.ContentType);
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
    private readonly TopicLedger _gaps;
    private readonly TopicLedger _states;
    private readonly TopicLedger _audits;
    private readonly Epochs _epochs;
    private readonly bool _isProtobuf;
    private SinkLane? _lane;
    private byte[] _key = new byte[FirstKeySize];

    public SinkWriter(
        ProducerClient client,
        DeliveryLedger ledger,
        TopicCatalog catalog,
        InstrumentTexts instruments,
        Epochs epochs,
        PipelineMetrics metrics,
        TimeProvider clock,
        bool isProtobuf = false)
    {
        _isProtobuf = isProtobuf;
        _client = client;
        _metrics = metrics;
        _clock = clock;
        _instruments = instruments;
        _epochs = epochs;
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
        _gaps = ledger.Of(catalog.Gaps);
        _states = ledger.Of(catalog.State);
        _audits = ledger.Of(catalog.Audit);
    }

    /// <summary>Hands over the events from <paramref name="next"/> on, and behind them the states.</summary>
    /// <param name="lane">Null when nothing in the batch waits for acknowledgements, nor makes others wait.</param>
    /// <returns>The first event that was not taken; their number when only what stands behind them was not; one more when all was.</returns>
    /// <exception cref="KafkaSinkException">The client refuses records for good.</exception>
    public int Write(MarketBatch batch, int next, SinkLane? lane)
    {
        Begin(batch.Connection, lane);
        _headers.SetTrace(batch.Trace?.Id);
        try
        {
            while (next < batch.Events.Count && TryWrite(batch, batch.Events[next]))
            {
                next++;
            }

            if (next == batch.Events.Count && (lane is null || TryEnd(batch, lane)))
            {
                next++;
            }

            return next;
        }
        finally
        {
            if (lane is { Awaiting.IsWaiting: true })
            {
                // What was settled before it began to wait told nobody.
                lane.Awaiting.Release(this);
            }

            Report();
        }
    }

    private void Begin(string? connection, SinkLane? lane)
    {
        _lane = lane;
        _headers.Begin(connection, MarketTime.Now(_clock));
        _headers.SetTrace(null);
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
            : TryHandOver(topic, hash % topic.Partitions.Length, key, value, receivedTime, topic.Schema);

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
        var taken = TryHandOver(_deadLetters, partition, key, value, letter.ReceivedTime, _deadLetters.Schema);
        _records.Trim();
        return taken;
    }

    private bool TryHandOver(
        TopicLedger topic,
        int partition,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> value,
        long receivedTime,
        ReadOnlySpan<byte> schema,
        int ticket = 0)
    {
        ReadOnlySpan<byte> contentType = default;
        if (_isProtobuf)
        {
            contentType = ProtobufType;
            value = ProtobufRecords.Encode(Encoding.ASCII.GetString(schema), value);
        }

        _headers.SetReceived(receivedTime);
        var bytes = key.Length + value.Length;
        var ledger = topic.Partitions[partition];
        ledger.Take(bytes);
        var epoch = _epochs.TextOf(partition, topic.IsOwned);
        var code = _client.Produce(topic, partition, key, value, _headers, schema, epoch, ticket, contentType, out var error);
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
        var advice = DeliveryAdvice.For(code, topic.Name) is { } words ? $" {words}" : "";
        throw new KafkaSinkException(ErrorCodes.NameOf(code), $"The Kafka client takes no record of {place}: {text}.{advice}");
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
