using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Pipeline.Core.Market;
using Pipeline.Kafka;
using Pipeline.Kafka.Partitioning;
using Pipeline.Kafka.Reader;
using Pipeline.Kafka.Records;
using Pipeline.Kafka.Sink;
using Pipeline.TestKit;

namespace Pipeline.Tests.Kafka;

public sealed class KafkaSinkTests : IAsyncLifetime
{
    private readonly BrokerHarness _harness = BrokerHarness.Start();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _harness.DisposeAsync();

    [Fact]
    public async Task WriteAsync_EveryKind_HasTopicKeyPartitionAndSchema()
    {
        await using var sink = await _harness.StartSinkAsync();
        var batch = new MarketBatch { Connection = "binance-1" };
        batch.Add(MarketSamples.Trade());
        batch.Add(MarketSamples.Quote());
        batch.Add(MarketSamples.Candle());
        batch.Add(MarketSamples.Candle(source: CandleSource.Venue));
        batch.Add(MarketSamples.DeadLetter(size: 3), "abc"u8);
        batch.Add(MarketSamples.Book(), MarketSamples.Levels);
        batch.Add(MarketSamples.Ticker());
        batch.Add(MarketSamples.MarkPrice());
        batch.Add(MarketSamples.FundingRate());
        batch.Add(MarketSamples.Liquidation());
        batch.Add(MarketSamples.PriceTick(), "5Nf3"u8);
        batch.Add(MarketSamples.InstrumentRecord());
        batch.Add(MarketSamples.Health());
        batch.Add(StateSamples.Gap(GapState.Repaired));
        batch.Add(StateSamples.State());
        batch.IsCheckpoint = true;
        batch.Add(new CollectorStatus { Collector = "c1", Venue = "binance", Time = MarketSamples.ReceivedTime, State = "running" });
        batch.Add(MarketSamples.Audit());
        await sink.WriteAsync(batch, _harness.Cancellation);
        await sink.FlushAsync(_harness.Cancellation);

        await AssertOneAsync("md.status", "c1:binance", "c1:binance", RecordSchema.Status);
        var candleKey = "binance:BTC-USDT:1m:1794900000000000";
        await AssertOneAsync("md.trades", "binance:BTC-USDT", "binance:BTC-USDT", RecordSchema.Trade);
        await AssertOneAsync("md.quotes", "binance:BTC-USDT", "binance:BTC-USDT", RecordSchema.Quote);
        await AssertOneAsync("md.candles", candleKey, "binance:BTC-USDT", RecordSchema.Candle);
        await AssertOneAsync("md.venue-candles", candleKey, "binance:BTC-USDT", RecordSchema.Candle);
        await AssertOneAsync("md.deadletter", "binance", "binance", RecordSchema.DeadLetter);
        var instrument = "binance:BTC-USDT";
        await AssertOneAsync("md.books", instrument, instrument, RecordSchema.Book);
        await AssertOneAsync("md.tickers", instrument, instrument, RecordSchema.Ticker);
        await AssertOneAsync("md.marks", instrument, instrument, RecordSchema.MarkPrice);
        await AssertOneAsync("md.funding", instrument, instrument, RecordSchema.Funding);
        await AssertOneAsync("md.liquidations", instrument, instrument, RecordSchema.Liquidation);
        await AssertOneAsync("md.prices", MarketSamples.Token.Key, MarketSamples.Token.Key, RecordSchema.Price);
        await AssertOneAsync("md.instruments", instrument, instrument, RecordSchema.Instrument);
        await AssertOneAsync("md.health", "binance:BTC-USDT:candle:1m", instrument, RecordSchema.Health);
        await AssertOneAsync("md.gaps", "binance:BTC-USDT:101", instrument, RecordSchema.Gap);
        await AssertOneAsync("md.audit", candleKey, instrument, RecordSchema.Audit);
        Assert.Equal(["binance:BTC-USDT", "#p3"], (await _harness.ReadAllAsync("md.state")).Select(record => record.KeyText));
        Assert.Equal(new SinkCounts(18, 18, 0, 0), sink.Counts);
        Assert.Equal(18, _harness.Metrics.AcknowledgedCount);
        Assert.Equal(1, _harness.Metric("pipeline.kafka.handed_over", "md.candles"));
    }

    [Fact]
    public async Task WriteAsync_Record_CarriesTheHeaders()
    {
        await using var sink = await _harness.StartSinkAsync();
        var before = TimeProvider.System.GetUtcNow();
        await WriteAsync(sink, new MarketBatch { Connection = "binance-1" }, MarketSamples.Trade());
        await sink.FlushAsync(_harness.Cancellation);
        var after = TimeProvider.System.GetUtcNow();

        var record = Assert.Single(await _harness.ReadAllAsync("md.trades"));
        Assert.Equal(["schema", "received-us", "produced-us", "epoch", "leg"], record.Headers.Select(header => header.Key));
        Assert.Equal("trade/1", record.Header(HeaderNames.Schema));
        Assert.Equal("1794900000131512", record.Header(HeaderNames.Received));
        Assert.Equal("0", record.Header(HeaderNames.Epoch));
        Assert.Equal("binance-1", record.Header(HeaderNames.Leg));
        var produced = long.Parse(record.Header(HeaderNames.Produced)!, CultureInfo.InvariantCulture);
        Assert.InRange(produced, Microseconds(before), Microseconds(after));
        Assert.Equal(produced / 1000, record.Timestamp / 1000);
    }

    [Fact]
    public async Task WriteAsync_BatchOfATick_HasNoLeg()
    {
        await using var sink = await _harness.StartSinkAsync();
        await WriteAsync(sink, new MarketBatch { Connection = "binance-1" }, MarketSamples.Trade(1));
        await WriteAsync(sink, new MarketBatch(), MarketSamples.Trade(2));
        await sink.FlushAsync(_harness.Cancellation);
        Assert.Equal(["binance-1", null], (await _harness.ReadAllAsync("md.trades")).Select(record => record.Header(HeaderNames.Leg)));
    }

    [Fact]
    public async Task WriteAsync_ManyLanes_KeepTheOrderOfEachInstrument()
    {
        const int lanes = 3;
        const int batches = 200;
        const int perBatch = 25;
        await using var sink = await _harness.StartSinkAsync();
        var instruments = MarketSamples.Instruments(lanes * 4);
        await Task.WhenAll(Enumerable.Range(0, lanes).Select(lane => Task.Factory.StartNew(async () =>
        {
            for (var i = 0; i < batches; i++)
            {
                var batch = new MarketBatch { Lane = lane };
                for (var j = 0; j < perBatch; j++)
                {
                    batch.Add(MarketSamples.Trade((i * perBatch) + j, instruments[(j % 4 * lanes) + lane]));
                }

                await sink.WriteAsync(batch, _harness.Cancellation);
            }
        }, _harness.Cancellation, TaskCreationOptions.None, TaskScheduler.Default).Unwrap()));
        await sink.FlushAsync(_harness.Cancellation);

        var records = await _harness.ReadAllAsync("md.trades");
        Assert.Equal(lanes * batches * perBatch, records.Count);
        foreach (var instrument in records.GroupBy(record => record.KeyText))
        {
            var partition = InstrumentPartitioner.PartitionOf(instrument.Key!, BrokerHarness.Partitions);
            Assert.All(instrument, record => Assert.Equal(partition, record.Partition));
            var ids = instrument.Select(IdOf).ToList();
            Assert.Equal(ids.Order(), ids);
            Assert.Equal(ids.Count, ids.Distinct().Count());
        }
    }

    [Fact]
    public async Task WriteAsync_QueueFull_WaitsAndGoesOnAtTheSameEvent()
    {
        const int trades = 500;
        const int room = 50;
        await using var sink = await _harness.StartSinkAsync(("queue.buffering.max.messages", "50"));
        await _harness.Broker.DownAsync();

        var write = sink.WriteAsync(Batch(0, trades), _harness.Cancellation).AsTask();
        Assert.False(write.IsCompleted);
        Assert.Equal(room, sink.Counts.HandedOver);
        Assert.Equal(1, _harness.Metric("pipeline.kafka.queue_full"));
        Assert.Equal(room, _harness.Metrics.Queues.Single(queue => queue.Name == "kafka client").Length());
        Assert.Equal(room, _harness.Metrics.Queues.Single(queue => queue.Name == "kafka client").Capacity);

        _harness.Broker.Up();
        await write;
        await sink.FlushAsync(_harness.Cancellation);
        Assert.Equal(Enumerable.Range(0, trades).Select(id => (long)id), (await _harness.ReadAllAsync("md.trades")).Select(IdOf));
    }

    [Fact]
    public async Task WriteAsync_QueueFullByBytes_WaitsToo()
    {
        await using var sink = await _harness.StartSinkAsync(("queue.buffering.max.kbytes", "4"));
        await _harness.Broker.DownAsync();
        var write = sink.WriteAsync(Batch(0, 100), _harness.Cancellation).AsTask();
        Assert.False(write.IsCompleted);
        Assert.InRange(sink.Counts.BytesInFlight, 2048, 5120);
        _harness.Broker.Up();
        await write;
        await sink.FlushAsync(_harness.Cancellation);
        Assert.Equal(100, (await _harness.ReadAllAsync("md.trades")).Count);
    }

    [Fact]
    public async Task WriteAsync_CancelledWhileWaiting_Ends()
    {
        await using var sink = await _harness.StartSinkAsync(("queue.buffering.max.messages", "10"));
        await _harness.Broker.DownAsync();
        using var cancellation = new CancellationTokenSource();
        var write = sink.WriteAsync(Batch(0, 20), cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
    }

    [Fact]
    public async Task FlushAsync_BrokerDown_CompletesOnceItIsBack()
    {
        await using var sink = await _harness.StartSinkAsync();
        await _harness.Broker.DownAsync();
        await sink.WriteAsync(Batch(0, 100), _harness.Cancellation);
        var flush = sink.FlushAsync(_harness.Cancellation).AsTask();
        Assert.False(flush.IsCompleted);
        _harness.Broker.Up();
        await flush;
        Assert.Equal(new SinkCounts(100, 100, 0, 0), sink.Counts);
    }

    [Fact]
    public async Task FlushAsync_NothingInFlight_CompletesAtOnce()
    {
        await using var sink = await _harness.StartSinkAsync();
        Assert.True(sink.FlushAsync(_harness.Cancellation).AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task FlushAsync_Cancelled_LeavesTheSinkUsable()
    {
        await using var sink = await _harness.StartSinkAsync();
        await _harness.Broker.DownAsync();
        await sink.WriteAsync(Batch(0, 10), _harness.Cancellation);
        using var cancellation = new CancellationTokenSource();
        var flush = sink.FlushAsync(cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => flush);
        _harness.Broker.Up();
        await sink.FlushAsync(_harness.Cancellation);
        Assert.Equal(0, sink.Counts.InFlight);
    }

    [Fact]
    public async Task Outage_RepeatedUnderLoad_LosesAndRepeatsNothing()
    {
        const int batches = 120;
        await using var sink = await _harness.StartSinkAsync();
        for (var i = 0; i < batches; i++)
        {
            await sink.WriteAsync(Batch(i * 50, 50), _harness.Cancellation);
            if (i % 40 == 20)
            {
                await _harness.Broker.DownAsync();
                _harness.Broker.Up();
            }
        }

        await sink.FlushAsync(_harness.Cancellation);
        Assert.Equal(Enumerable.Range(0, batches * 50).Select(id => (long)id), (await _harness.ReadAllAsync("md.trades")).Select(IdOf));
    }

    [Fact]
    public async Task Restart_OfTheSink_Appends()
    {
        for (var run = 0; run < 3; run++)
        {
            await using var sink = await _harness.StartSinkAsync();
            await sink.WriteAsync(Batch(run * 10, 10), _harness.Cancellation);
            await sink.FlushAsync(_harness.Cancellation);
        }

        Assert.Equal(Enumerable.Range(0, 30).Select(id => (long)id), (await _harness.ReadAllAsync("md.trades")).Select(IdOf));
    }

    [Fact]
    public async Task DisposeAsync_RecordsInFlight_CountsThemAsFailedAndEndsWaiters()
    {
        var sink = await _harness.StartSinkAsync(("queue.buffering.max.messages", "10"));
        await _harness.Broker.DownAsync();
        var write = sink.WriteAsync(Batch(0, 20), _harness.Cancellation).AsTask();
        var flush = sink.FlushAsync(_harness.Cancellation).AsTask();
        await sink.DisposeAsync();
        Assert.Equal("closed", (await Assert.ThrowsAsync<KafkaSinkException>(() => write)).Code);
        await Assert.ThrowsAsync<KafkaSinkException>(() => flush);
        Assert.Equal(new SinkCounts(10, 0, 10, 0), sink.Counts);
        Assert.Equal(10, _harness.Metric("pipeline.kafka.produce_errors", "md.trades", "_PURGE_QUEUE"));
        Assert.True(sink.Faulted.IsCompletedSuccessfully);
        await Assert.ThrowsAsync<KafkaSinkException>(async () => await sink.WriteAsync(Batch(0, 1), _harness.Cancellation));
    }

    [Fact]
    public async Task FatalError_EndsTheSinkWithTheReason()
    {
        await using var sink = await _harness.StartSinkAsync();
        await _harness.Broker.DownAsync();
        await sink.WriteAsync(Batch(0, 5), _harness.Cancellation);
        var flush = sink.FlushAsync(_harness.Cancellation).AsTask();
        sink.RaiseFatalError("sequence broken for a test");

        var fault = await Assert.ThrowsAsync<KafkaSinkException>(() => sink.Faulted.WaitAsync(_harness.Cancellation));
        Assert.Contains("sequence broken for a test", fault.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<KafkaSinkException>(() => flush);
        await Assert.ThrowsAsync<KafkaSinkException>(async () => await sink.WriteAsync(Batch(5, 1), _harness.Cancellation));
    }

    [Fact]
    public async Task WriteAsync_RecordLargerThanTheClientTakes_BecomesADeadLetter()
    {
        await using var sink = await _harness.StartSinkAsync(("message.max.bytes", "4000"));
        var huge = new Instrument(1, "binance", "HUGE-USDT", new string('X', 4000));
        var batch = new MarketBatch { Connection = "binance-1" };
        batch.Add(MarketSamples.Trade(1));
        batch.Add(MarketSamples.Quote(instrument: huge));
        batch.Add(MarketSamples.Trade(2));
        await sink.WriteAsync(batch, _harness.Cancellation);
        await sink.FlushAsync(_harness.Cancellation);

        Assert.Equal([1, 2], (await _harness.ReadAllAsync("md.trades")).Select(IdOf));
        Assert.Empty(await _harness.ReadAllAsync("md.quotes"));
        var letter = Assert.Single(await _harness.ReadAllAsync("md.deadletter"));
        Assert.Empty(new JsonSchemaValidator(RecordSchema.Read(RecordSchema.DeadLetter)).Validate(letter.ValueText!));
        Assert.Contains("\"reason\":\"oversize-record\"", letter.ValueText, StringComparison.Ordinal);
        Assert.Contains("\"truncated\":true", letter.ValueText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteAsync_DeadLetterOfAMegabyte_IsCutToWhatTheBrokerTakes()
    {
        await using var sink = await _harness.StartSinkAsync();
        var frame = new byte[1_200_000];
        new Random(5).NextBytes(frame);
        var batch = new MarketBatch { Connection = "binance-1" };
        batch.Add(MarketSamples.DeadLetter(size: frame.Length), frame);
        await sink.WriteAsync(batch, _harness.Cancellation);
        await sink.FlushAsync(_harness.Cancellation);
        var letter = Assert.Single(await _harness.ReadAllAsync("md.deadletter"));
        Assert.InRange(letter.Value!.Length, 900_000, 1_000_000);
    }

    [Fact]
    public async Task WriteAsync_SteadyState_AllocatesNothingPerRecord()
    {
        const int trades = 1_000;
        const int writes = 3;
        await using var sink = await _harness.StartSinkAsync();
        var batch = Batch(0, trades);
        Assert.True(sink.WriteAsync(batch, _harness.Cancellation).AsTask().IsCompletedSuccessfully);
        await sink.FlushAsync(_harness.Cancellation);

        var through = true;
        var allocated = Allocations.Least(
            () =>
            {
                for (var i = 0; i < writes; i++)
                {
                    through &= sink.WriteAsync(batch, _harness.Cancellation).AsTask().IsCompletedSuccessfully;
                }
            },
            rounds: 3);

        Assert.True(through);
        Assert.InRange(allocated / (double)(writes * trades), 0, 0.1);
        await sink.FlushAsync(_harness.Cancellation);
    }

    [Fact]
    public async Task Noticed_BrokerGoesAndComesBack_TellsBoth()
    {
        await using var sink = await _harness.StartSinkAsync();
        var down = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var recovered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var notices = new ConcurrentQueue<KafkaNotice>();
        sink.Noticed += notice =>
        {
            notices.Enqueue(notice);
            (notice.Code == "recovered" ? recovered : down).TrySetResult();
        };
        await sink.WriteAsync(Batch(0, 1), _harness.Cancellation);
        await sink.FlushAsync(_harness.Cancellation);
        await _harness.Broker.DownAsync();
        await sink.WriteAsync(Batch(1, 1), _harness.Cancellation);
        await down.Task.WaitAsync(_harness.Cancellation);
        Assert.DoesNotContain(notices, notice => notice.Code == "recovered");
        Assert.NotEqual(KafkaNoticeSeverity.Information, notices.First().Severity);
        _harness.Broker.Up();
        await recovered.Task.WaitAsync(_harness.Cancellation);
        await sink.FlushAsync(_harness.Cancellation);
        var told = Assert.Single(notices, notice => notice.Code == "recovered");
        Assert.Equal(KafkaNoticeSeverity.Information, told.Severity);
        Assert.Matches(@"^Records are acknowledged again, \d+\.\d s after the first error\.$", told.Message);
        Assert.Equal([0, 1], (await _harness.ReadAllAsync("md.trades")).Select(IdOf));
    }

    [Fact]
    public async Task StartAsync_UnknownProperty_TellsTheLibrarysWords()
    {
        var exception = await Assert.ThrowsAsync<KafkaClientException>(
            () => _harness.StartSinkAsync(("linger.millis", "1"), ("batch.size", "many")));
        Assert.Contains("linger.millis: No such configuration property", exception.Message, StringComparison.Ordinal);
        Assert.Contains("batch.size: Invalid value", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_OtherPartitionCount_IsRefused()
    {
        var exception = await Assert.ThrowsAsync<KafkaClientException>(
            () => KafkaSink.StartAsync(_harness.Options with { Partitions = 5 }, _harness.Metrics, TimeProvider.System));
        Assert.Contains("md.trades has 4", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_MissingTopicsAtAnEmbeddedBrokerTakenForAReal_NeverAsksItToCreate()
    {
        var options = _harness.Options with { TopicPrefix = "other", Embedded = false };
        var exception = await Assert.ThrowsAsync<KafkaClientException>(
            () => KafkaSink.StartAsync(options, _harness.Metrics, TimeProvider.System));
        Assert.Contains("other.trades", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("other.trades", (await new KafkaReader(_harness.Options).ListTopicsAsync()).Keys);
    }

    [Fact]
    public async Task StartAsync_NoBroker_SaysSoWhileItWaitsAndWhatToCheckInTheEnd()
    {
        await _harness.Broker.DownAsync();
        var servers = _harness.Options.BootstrapServers;
        var notices = new ConcurrentQueue<KafkaNotice>();
        var exception = await Assert.ThrowsAsync<KafkaClientException>(() => KafkaSink.StartAsync(
            _harness.Options, _harness.Metrics, TimeProvider.System, TimeSpan.FromSeconds(6.2), notices.Enqueue));

        var notice = Assert.Single(notices);
        Assert.Equal(("no-answer", $"Waiting for Kafka at {servers}, for 6.2 s at most."), (notice.Code, notice.Message));
        Assert.StartsWith($"No Kafka broker answers at {servers} within 6.2 s (", exception.Message, StringComparison.Ordinal);
        Assert.Contains("KAFKA_BOOTSTRAP_SERVERS", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_NoBroker_BlocksNeitherTheCallerNorItsCancellation()
    {
        await _harness.Broker.DownAsync();
        using var cancellation = new CancellationTokenSource();
        var starting = KafkaSink.StartAsync(_harness.Options, _harness.Metrics, TimeProvider.System, cancellation: cancellation.Token);

        Assert.False(starting.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting.WaitAsync(_harness.Cancellation));
    }

    [Fact]
    public async Task StartAsync_BrokerThatAnswers_TellsNothing()
    {
        var notices = new ConcurrentQueue<KafkaNotice>();
        await using var sink = await KafkaSink.StartAsync(
            _harness.Options, _harness.Metrics, TimeProvider.System, noticed: notices.Enqueue, cancellation: _harness.Cancellation);

        Assert.Empty(notices);
    }

    private async Task AssertOneAsync(string topic, string key, string partitionedBy, string schema)
    {
        var record = Assert.Single(await _harness.ReadAllAsync(topic));
        Assert.Equal(key, record.KeyText);
        Assert.Equal(InstrumentPartitioner.PartitionOf(partitionedBy, BrokerHarness.Partitions), record.Partition);
        Assert.Equal(schema, record.Header(HeaderNames.Schema));
        Assert.Empty(new JsonSchemaValidator(RecordSchema.Read(schema)).Validate(record.ValueText!));
    }

    private async Task WriteAsync(KafkaSink sink, MarketBatch batch, Trade trade)
    {
        batch.Add(trade);
        await sink.WriteAsync(batch, _harness.Cancellation);
    }

    private static MarketBatch Batch(int firstId, int trades)
    {
        var batch = new MarketBatch { Connection = "binance-1" };
        for (var i = 0; i < trades; i++)
        {
            batch.Add(MarketSamples.Trade(firstId + i));
        }

        return batch;
    }

    private static long IdOf(KafkaRecord record)
    {
        using var json = JsonDocument.Parse(record.Value);
        return json.RootElement.GetProperty("id").GetInt64();
    }

    private static long Microseconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / 10;
}
