using Pipeline.Core.Market;
using Pipeline.Kafka.Partitioning;
using Pipeline.Kafka.Reader;
using Pipeline.Kafka.Records;
using Pipeline.Kafka.Sink;

namespace Pipeline.Tests.Kafka;

/// <summary>
/// The four rules that stand in for transactions, against a broker that writes records and keeps its answers: what must wait is not in
/// the log, and comes when the answers do.
/// </summary>
public sealed class AckRuleTests : IAsyncLifetime
{
    private static readonly int Partition = InstrumentPartitioner.PartitionOf("binance:BTC-USDT", BrokerHarness.Partitions);
    private readonly BrokerHarness _harness = BrokerHarness.Start();
    private KafkaSink _sink = null!;

    public async Task InitializeAsync()
    {
        // A record first: the connections whose answers are to be held are there then.
        _sink = await _harness.StartSinkAsync();
        await WriteAsync(batch => batch.Add(MarketSamples.Trade(1)));
        await _sink.FlushAsync(_harness.Cancellation);
    }

    public async Task DisposeAsync()
    {
        await _sink.DisposeAsync();
        await _harness.DisposeAsync();
    }

    [Fact]
    public async Task GapOpen_NotAcknowledged_NoTradeOfItsBatchIsHandedOver()
    {
        _harness.Broker.HoldAnswers();
        var write = WriteAsync(batch =>
        {
            batch.Add(MarketSamples.Trade(2));
            batch.Add(StateSamples.Gap(fromId: 3));
            batch.Add(StateSamples.Gap(fromId: 50, instrument: MarketSamples.Instruments(5)[4]));
            batch.Add(MarketSamples.Quote());
            batch.Add(MarketSamples.Trade(100));
        });
        await UntilAsync("md.gaps", 2);
        Assert.Equal([1, 2], await TradesAsync());
        Assert.Single(await _harness.ReadAllAsync("md.quotes"));
        Assert.False(write.IsCompleted);

        // Two holes, one wait.
        Assert.Equal(1, _harness.Metric("pipeline.kafka.ack_waits", "gap"));
        _harness.Broker.LetAnswersGo();
        await write;
        await _sink.FlushAsync(_harness.Cancellation);
        Assert.Equal([1, 2, 100], await TradesAsync());
        Assert.Equal(1, _harness.Metric("pipeline.kafka.ack_waits", "gap"));
        var gap = GapRecordReader.Read((await _harness.ReadAllAsync("md.gaps")).Single(one => one.KeyText == "binance:BTC-USDT:3").Value!, Resolve);

        // Behind trades 1 and 2, of which only the first was acknowledged by then.
        Assert.Equal(2, gap.TradesOffset);
    }

    [Fact]
    public async Task GapOpen_LastOfItsBatch_HoldsUpTheNext()
    {
        _harness.Broker.HoldAnswers();
        var write = WriteAsync(batch => batch.Add(StateSamples.Gap()));
        await UntilAsync("md.gaps", 1);
        Assert.False(write.IsCompleted);
        _harness.Broker.LetAnswersGo();
        await write;
    }

    [Fact]
    public async Task GapEnd_TradesNotAcknowledged_IsNotWritten()
    {
        _harness.Broker.HoldAnswers();
        await WriteAsync(batch =>
        {
            batch.Add(MarketSamples.Trade(2));
            batch.Add(StateSamples.Gap(GapState.Repaired, fromId: 2));
        });
        await UntilAsync("md.trades", 2);
        Assert.Empty(await _harness.ReadAllAsync("md.gaps"));
        Assert.Equal((2, 1), (_sink.Counts.HandedOver, _harness.Metrics.Queues.Single(queue => queue.Name == "awaiting acks 0").Length()));
        var flush = _sink.FlushAsync(_harness.Cancellation).AsTask();
        Assert.False(flush.IsCompleted);

        // No batch comes any more: the answers alone let it go.
        _harness.Broker.LetAnswersGo();
        await flush;
        var record = Assert.Single(await _harness.ReadAllAsync("md.gaps"));
        Assert.Equal(Partition, record.Partition);
        Assert.Equal("gap/1", record.Header(HeaderNames.Schema));
        Assert.Equal(2, GapRecordReader.Read(record.Value!, Resolve).TradesOffset);
    }

    [Fact]
    public async Task FinalCandle_TradesNotAcknowledged_WaitsAndTheFormingBehindItToo()
    {
        _harness.Broker.HoldAnswers();
        await WriteAsync(batch =>
        {
            batch.Add(MarketSamples.Trade(2));
            batch.Add(MarketSamples.Candle(CandleState.Forming) with { Updates = 1 });
            batch.Add(MarketSamples.Candle(CandleState.Final) with { Updates = 2 });
            batch.Add(MarketSamples.Candle(CandleState.Forming) with { Updates = 3 });
            batch.Add(MarketSamples.Candle(CandleState.Revised) with { Updates = 4 });
        });
        await UntilAsync("md.candles", 1);
        await UntilAsync("md.trades", 2);
        Assert.Equal([1], await UpdatesAsync());
        var flush = _sink.FlushAsync(_harness.Cancellation).AsTask();
        _harness.Broker.LetAnswersGo();
        await flush;
        Assert.Equal([1, 2, 3, 4], await UpdatesAsync());
        Assert.All(await _harness.ReadAllAsync("md.candles"), record => Assert.Equal("binance-1", record.Header(HeaderNames.Leg)));
    }

    [Fact]
    public async Task State_AnythingBeforeNotAcknowledged_IsNotWrittenNorAMarker()
    {
        _sink.LogId = "5f00";
        _sink.SetEpoch(Partition, 77);
        _harness.Broker.HoldAnswers();
        await WriteAsync(batch =>
        {
            batch.IsCheckpoint = true;

            // Wherever it stands in its batch, it counts all of it.
            batch.Add(StateSamples.State(frontier: 3));
            batch.Add(MarketSamples.Trade(2));
            batch.Add(MarketSamples.Candle(CandleState.Final));
            batch.Add(MarketSamples.Trade(3));
        });
        await WriteAsync(batch => batch.Add(MarketSamples.Trade(4)));
        await UntilAsync("md.trades", 4);
        Assert.Empty(await _harness.ReadAllAsync("md.state"));
        Assert.Empty(await _harness.ReadAllAsync("md.candles"));
        var flush = _sink.FlushAsync(_harness.Cancellation).AsTask();
        _harness.Broker.LetAnswersGo();
        await flush;

        var records = await _harness.ReadAllAsync("md.state");
        Assert.Equal(["binance:BTC-USDT", $"#p{Partition}"], records.Select(record => record.KeyText));
        Assert.Equal(["state/1", "marker/1"], records.Select(record => record.Header(HeaderNames.Schema)));
        Assert.All(records, record => Assert.Equal("77", record.Header(HeaderNames.Epoch)));
        Assert.All(records, record => Assert.Equal(Partition, record.Partition));
        var state = StateRecordReader.Read(records[0].Value!, Resolve);

        // Behind trades 1 to 3: the fourth is not in it, though it was acknowledged by then.
        Assert.Equal((3, 3), (state.State.Trades!.Frontier, state.TradesOffset));
        var marker = MarkerRecordReader.Read(records[1].Value!);
        Assert.Equal(
            new CheckpointMarker(Partition, 3, null, 1, null, "5f00", 77, marker.Time),
            marker);
        Assert.InRange(marker.Time, MarketTime.Now(TimeProvider.System) - 60_000_000, MarketTime.Now(TimeProvider.System));
    }

    [Fact]
    public async Task Marker_StatesNotAcknowledged_IsNotWritten()
    {
        _harness.Broker.HoldAnswers();
        await WriteAsync(batch =>
        {
            batch.IsCheckpoint = true;
            batch.Add(StateSamples.State(frontier: 1));
        });
        await UntilAsync("md.state", 1);
        Assert.Equal(["binance:BTC-USDT"], (await _harness.ReadAllAsync("md.state")).Select(record => record.KeyText));
        _harness.Broker.LetAnswersGo();
        await _sink.FlushAsync(_harness.Cancellation);
        Assert.Equal(2, (await _harness.ReadAllAsync("md.state")).Count);
    }

    [Fact]
    public async Task AwaitingAcks_Full_IsBackPressureUntilAnswersCome()
    {
        _harness.Broker.HoldAnswers();
        var count = AwaitingAcks.DefaultCapacity + 1;
        var write = WriteAsync(batch =>
        {
            batch.Add(MarketSamples.Trade(2));
            for (var i = 1; i <= count; i++)
            {
                batch.Add(MarketSamples.Candle(CandleState.Final) with { Updates = i });
            }
        });
        Assert.False(write.IsCompleted);
        Assert.Equal(1, _harness.Metric("pipeline.kafka.ack_waits", "trades"));
        var gauge = _harness.Metrics.Queues.Single(queue => queue.Name == "awaiting acks 0");
        Assert.Equal((AwaitingAcks.DefaultCapacity, AwaitingAcks.DefaultCapacity), (gauge.Length(), gauge.Capacity));
        _harness.Broker.LetAnswersGo();
        await write;
        await _sink.FlushAsync(_harness.Cancellation);
        Assert.Equal(Enumerable.Range(1, count), await UpdatesAsync());
    }

    [Fact]
    public async Task Load_CandlesAndTradesOfManyBatches_NeverCountATradeThatIsNotThere()
    {
        const int batches = 400;
        for (var i = 0; i < batches; i++)
        {
            var id = i + 2;
            await WriteAsync(batch =>
            {
                batch.Add(MarketSamples.Trade(id));
                batch.Add(MarketSamples.Candle((CandleState)(id % 3)) with { Updates = i, LastId = id });
                if (id % 50 == 0)
                {
                    batch.IsCheckpoint = true;
                    batch.Add(StateSamples.State(frontier: id));
                }
            });
        }

        await _sink.FlushAsync(_harness.Cancellation);
        Assert.Equal(Enumerable.Range(0, batches), await UpdatesAsync());
        Assert.Equal(0, _harness.Metric("pipeline.kafka.offset_shifts", "md.trades"));
        var states = (await _harness.ReadAllAsync("md.state")).Where(record => StateKeys.IsInstrument(record.KeyText!)).ToList();
        Assert.Equal(batches / 50, states.Count);

        // Trade 1 lies at offset 0: the offset behind a trade is its id.
        Assert.All(states, record => Assert.Equal(
            StateRecordReader.Read(record.Value!, Resolve).State.Trades!.Frontier, StateRecordReader.Read(record.Value!, Resolve).TradesOffset));
    }

    private Task WriteAsync(Action<MarketBatch> fill)
    {
        var batch = new MarketBatch { Connection = "binance-1" };
        fill(batch);
        return _sink.WriteAsync(batch, _harness.Cancellation).AsTask();
    }

    /// <summary>Until the log holds as many records: what was handed over is there then, though nobody was told.</summary>
    private async Task UntilAsync(string topic, int count)
    {
        while ((await _harness.ReadAllAsync(topic)).Count < count)
        {
            await Task.Delay(5, _harness.Cancellation);
        }
    }

    private async Task<IEnumerable<int>> TradesAsync() =>
        (await _harness.ReadAllAsync("md.trades")).Select(record => Field(record, "id")).ToList();

    private async Task<IEnumerable<int>> UpdatesAsync() =>
        (await _harness.ReadAllAsync("md.candles")).Select(record => Field(record, "updates")).ToList();

    private static int Field(KafkaRecord record, string name)
    {
        using var json = System.Text.Json.JsonDocument.Parse(record.Value);
        return json.RootElement.GetProperty(name).GetInt32();
    }

    private static Instrument Resolve(string venue, string id, string symbol) => MarketSamples.Bitcoin;
}
