using System.Text;
using Pipeline.Core.Graph;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Kafka.Partitioning;
using Pipeline.Kafka.Records;
using Pipeline.Kafka.Topics;

namespace Pipeline.Kafka.Folder;

/// <summary>
/// Station 6 without a broker: the values that would go to Kafka, a line each, in a file for each topic and partition
/// (<c>md.trades-3.jsonl</c>). Files are made as they are needed. Safe from several threads.
/// </summary>
public sealed class FolderSink : IMarketSink, IDisposable
{
    private const int BufferSize = 64 * 1024;
    private const int MaxDeadLetter = 4 * 1024 * 1024;

    private readonly Dictionary<(TopicDefinition Topic, int Partition), FileStream> _files = [];
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly RecordWriter _records = new(new InstrumentTexts());
    private readonly InstrumentTexts _instruments = new();
    private readonly Lock _gate = new();
    private readonly TopicCatalog _topics;
    private readonly string _folder;
    private readonly int _partitions;

    /// <param name="folder">Made when it is not there.</param>
    /// <exception cref="KafkaClientException">The prefix or the number of partitions is none.</exception>
    public FolderSink(string folder, KafkaOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _topics = TopicCatalog.Of(options);
        _partitions = options.Partitions;
        _folder = Directory.CreateDirectory(folder).FullName;
    }

    /// <summary>Records written, by topic.</summary>
    public IReadOnlyDictionary<string, long> Records
    {
        get
        {
            lock (_gate)
            {
                return _counts.ToDictionary(StringComparer.Ordinal);
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public ValueTask WriteAsync(MarketBatch batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(batch);
        lock (_gate)
        {
            foreach (var happened in batch.Events.Span)
            {
                Write(batch, happened);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            foreach (var file in _files.Values)
            {
                file.Flush();
            }
        }

        return ValueTask.CompletedTask;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var file in _files.Values)
            {
                file.Dispose();
            }

            _files.Clear();
        }
    }

    private void Write(MarketBatch batch, MarketEvent happened)
    {
        var index = happened.Index;
        switch (happened.Kind)
        {
            case MarketEventKind.Trade:
                Write(_topics.Trades, batch.Trades[index].Instrument, _records.Write(batch.Trades[index]));
                break;
            case MarketEventKind.Quote:
                Write(_topics.Quotes, batch.Quotes[index].Instrument, _records.Write(batch.Quotes[index]));
                break;
            case MarketEventKind.BookUpdate:
                ref var update = ref batch.BookUpdates[index];
                var levels = batch.Levels.Span.Slice(update.FirstLevel, update.Bids + update.Asks);
                Write(_topics.Books, update.Instrument, _records.Write(update, levels));
                break;
            case MarketEventKind.Candle:
                Write(_topics.Candles, batch.Candles[index].Instrument, _records.Write(batch.Candles[index]));
                break;
            case MarketEventKind.VenueCandle:
                Write(_topics.VenueCandles, batch.Candles[index].Instrument, _records.Write(batch.Candles[index]));
                break;
            case MarketEventKind.Ticker:
                Write(_topics.Tickers, batch.Tickers[index].Instrument, _records.Write(batch.Tickers[index]));
                break;
            case MarketEventKind.MarkPrice:
                Write(_topics.MarkPrices, batch.MarkPrices[index].Instrument, _records.Write(batch.MarkPrices[index]));
                break;
            case MarketEventKind.FundingRate:
                Write(_topics.FundingRates, batch.FundingRates[index].Instrument, _records.Write(batch.FundingRates[index]));
                break;
            case MarketEventKind.Liquidation:
                Write(_topics.Liquidations, batch.Liquidations[index].Instrument, _records.Write(batch.Liquidations[index]));
                break;
            case MarketEventKind.PriceTick:
                ref var tick = ref batch.PriceTicks[index];
                var signature = batch.Bytes.Span.Slice(tick.SignatureAt, tick.SignatureLength);
                Write(_topics.Prices, tick.Instrument, _records.Write(tick, signature));
                break;
            case MarketEventKind.Health:
                Write(_topics.Health, batch.Health[index].Instrument, _records.Write(batch.Health[index]));
                break;
            case MarketEventKind.Gap:
                // Without a log there is no offset that it could point to.
                Write(_topics.Gaps, batch.Gaps[index].Instrument, _records.Write(batch.Gaps[index], tradesOffset: null));
                break;
            case MarketEventKind.DeadLetter:
                ref var letter = ref batch.DeadLetters[index];
                var frame = batch.Bytes.Span.Slice(letter.Offset, letter.Length);
                var hash = InstrumentPartitioner.PositiveHash(Encoding.UTF8.GetBytes(letter.Venue));
                Write(_topics.DeadLetters, hash, _records.Write(letter, frame, MaxDeadLetter));
                break;
            default:
                // Instruments and states are a collector's; a folder is written of market data alone.
                break;
        }
    }

    private void Write(TopicDefinition topic, Instrument instrument, ReadOnlySpan<byte> value) =>
        Write(topic, _instruments.Of(instrument).Hash, value);

    private void Write(TopicDefinition topic, int hash, ReadOnlySpan<byte> value)
    {
        var partition = hash % _partitions;
        if (!_files.TryGetValue((topic, partition), out var file))
        {
            var path = Path.Combine(_folder, $"{topic.Name}-{partition}.jsonl");
            file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, BufferSize);
            _files.Add((topic, partition), file);
        }

        file.Write(value);
        file.WriteByte((byte)'\n');
        _counts[topic.Name] = _counts.GetValueOrDefault(topic.Name) + 1;
    }
}
