using System.Collections.Concurrent;
using System.Text;
using Pipeline.Core.Market;
using Pipeline.Kafka;
using Pipeline.Kafka.Native;
using Pipeline.Kafka.Partitioning;
using Pipeline.Kafka.Records;
using Pipeline.Kafka.Sink;

namespace Pipeline.Tests.Kafka;

/// <summary>What the owner of a partition needs of the sink: epochs, records of its own, and a way to let go of everything.</summary>
public sealed class SinkOwnershipTests : IAsyncLifetime
{
    private static readonly int Partition = InstrumentPartitioner.PartitionOf("binance:BTC-USDT", BrokerHarness.Partitions);
    private readonly BrokerHarness _harness = BrokerHarness.Start();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _harness.DisposeAsync();

    [Fact]
    public async Task SetEpoch_RecordsOfThePartition_BearItAndOthersDoNot()
    {
        await using var sink = await _harness.StartSinkAsync();
        sink.SetEpoch(Partition, 4711);
        var other = MarketSamples.Instruments(20).First(one => InstrumentPartitioner.PartitionOf(one.Key, BrokerHarness.Partitions) != Partition);
        var batch = Batch(MarketSamples.Trade(1), MarketSamples.Trade(2, other));
        batch.Add(MarketSamples.Candle());
        batch.Add(MarketSamples.InstrumentRecord());
        batch.Add(MarketSamples.DeadLetter(size: 3), "abc"u8);
        await sink.WriteAsync(batch, _harness.Cancellation);
        await sink.FlushAsync(_harness.Cancellation);

        foreach (var record in await _harness.ReadAllAsync("md.trades"))
        {
            Assert.Equal(record.Partition == Partition ? "4711" : "0", record.Header(HeaderNames.Epoch));
        }

        Assert.Equal("4711", Assert.Single(await _harness.ReadAllAsync("md.candles")).Header(HeaderNames.Epoch));

        // Several collectors write these side by side.
        Assert.Equal("0", Assert.Single(await _harness.ReadAllAsync("md.instruments")).Header(HeaderNames.Epoch));
        Assert.Equal("0", Assert.Single(await _harness.ReadAllAsync("md.deadletter")).Header(HeaderNames.Epoch));
    }

    [Fact]
    public async Task WriteControlAsync_Record_TellsItsOffset()
    {
        await using var sink = await _harness.StartSinkAsync();
        var value = Encoding.UTF8.GetBytes("{\"claim\":true}");
        var offsets = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            sink.WriteControlAsync(StateKeys.Owner, value, 2, RecordSchema.Owner, _harness.Cancellation)));
        Assert.Equal(20, await sink.WriteControlAsync("binance:GONE-USDT", default, 2, RecordSchema.State, _harness.Cancellation));

        Assert.Equal(Enumerable.Range(0, 20).Select(offset => (long)offset), offsets.Order());
        var records = await _harness.ReadAllAsync("md.state");
        Assert.All(records, record => Assert.Equal(2, record.Partition));
        Assert.Equal((StateKeys.Owner, "{\"claim\":true}", "owner/1"), (records[0].KeyText, records[0].ValueText, records[0].Header(HeaderNames.Schema)));
        Assert.Equal(("binance:GONE-USDT", null), (records[^1].KeyText, records[^1].ValueText));
        Assert.True(sink.StateBytesOf(2) > 20 * value.Length);
        Assert.Equal(0, sink.StateBytesOf(1));
    }

    [Fact]
    public async Task SetEnded_CheckpointWithoutItsStates_HasNoMarkerForThePartition()
    {
        // Whoever has it next would take the marker for the states' own, and write once more what lies between them.
        await using var sink = await _harness.StartSinkAsync();
        var batch = Batch(MarketSamples.Trade(1));
        batch.Add(MarketSamples.Candle());
        await sink.WriteAsync(batch, _harness.Cancellation);
        sink.SetEnded(Partition, true);
        await sink.WriteAsync(new MarketBatch { IsCheckpoint = true }, _harness.Cancellation);
        await sink.FlushAsync(_harness.Cancellation);
        Assert.Empty(await _harness.ReadAllAsync("md.state"));

        sink.SetEnded(Partition, false);
        await sink.WriteAsync(new MarketBatch { IsCheckpoint = true }, _harness.Cancellation);
        await sink.FlushAsync(_harness.Cancellation);
        Assert.Empty(await _harness.ReadAllAsync("md.state"));
        await sink.WriteAsync(batch, _harness.Cancellation);
        await sink.WriteAsync(new MarketBatch { IsCheckpoint = true }, _harness.Cancellation);
        await sink.FlushAsync(_harness.Cancellation);

        Assert.Equal(StateKeys.Marker(Partition), Assert.Single(await _harness.ReadAllAsync("md.state")).KeyText);
    }

    [Fact]
    public async Task SetEnds_OthersWroteMeanwhile_IsNotTakenForAForeignWriter()
    {
        await using var sink = await _harness.StartSinkAsync();
        await using var other = await _harness.StartSinkAsync();
        var batch = new MarketBatch();
        batch.Add(MarketSamples.Quote());
        foreach (var writer in new[] { sink, other, other })
        {
            await writer.WriteAsync(batch, _harness.Cancellation);
            await writer.FlushAsync(_harness.Cancellation);
        }

        sink.SetEnds(Partition, default);
        await sink.WriteAsync(batch, _harness.Cancellation);
        await sink.FlushAsync(_harness.Cancellation);

        Assert.Equal(0, _harness.Metric("pipeline.kafka.offset_shifts", "md.quotes"));
    }

    [Fact]
    public async Task WriteControlAsync_ClientFull_WaitsForRoom()
    {
        await using var sink = await _harness.StartSinkAsync(("queue.buffering.max.messages", "5"));
        await _harness.Broker.DownAsync();
        await sink.WriteAsync(Batch([.. Enumerable.Range(0, 5).Select(id => MarketSamples.Trade(id))]), _harness.Cancellation);
        var write = sink.WriteControlAsync(StateKeys.Log, "1"u8.ToArray(), 0, RecordSchema.Log, _harness.Cancellation);
        Assert.False(write.IsCompleted);
        _harness.Broker.Up();
        Assert.Equal(0, await write);
    }

    [Fact]
    public async Task SomebodyElseWrites_OurOwnOffsetsTellIt()
    {
        var notices = new ConcurrentQueue<KafkaNotice>();
        await using var sink = await _harness.StartSinkAsync();
        sink.Noticed += notices.Enqueue;
        await WriteTradesAsync(sink, 1, 2);
        await using (var stranger = await _harness.StartSinkAsync())
        {
            await WriteTradesAsync(stranger, 3, 3);
        }

        Assert.DoesNotContain(notices, notice => notice.Code == "foreign-writer");
        await WriteTradesAsync(sink, 6, 1);
        Assert.Equal(1, _harness.Metric("pipeline.kafka.offset_shifts", "md.trades"));
        var notice = Assert.Single(notices, one => one.Code == "foreign-writer");
        Assert.Contains($"md.trades[{Partition}]: our record lies at offset 5, 3 from", notice.Message, StringComparison.Ordinal);
        Assert.Equal(6, sink.EndsOf(Partition).Trades);
    }

    [Fact]
    public async Task SetEnds_FirstRecordElsewhere_TellsIt()
    {
        await using var first = await _harness.StartSinkAsync();
        await WriteTradesAsync(first, 1, 4);
        await using var second = await _harness.StartSinkAsync();
        second.SetEnds(Partition, new PartitionEnds(4, null, 0, 0));
        Assert.Equal(new PartitionEnds(4, null, 0, 0), second.EndsOf(Partition));
        await WriteTradesAsync(second, 5, 1);
        Assert.Equal(0, _harness.Metric("pipeline.kafka.offset_shifts", "md.trades"));

        await using var third = await _harness.StartSinkAsync();
        third.SetEnds(Partition, new PartitionEnds(4, null, null, null));
        await WriteTradesAsync(third, 6, 1);
        Assert.Equal(1, _harness.Metric("pipeline.kafka.offset_shifts", "md.trades"));
    }

    [Fact]
    public async Task Lost_NoAcknowledgementForTheLease_IsToldAndTheOutageShows()
    {
        await using var sink = await _harness.StartSinkAsync();
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        sink.Lost += () => lost.TrySetResult();
        await WriteTradesAsync(sink, 1, 1);
        await _harness.Broker.DownAsync();
        sink.LeaseTimeout = TimeSpan.FromMilliseconds(300);
        await sink.WriteAsync(Batch(MarketSamples.Trade(2)), _harness.Cancellation);
        await lost.Task.WaitAsync(_harness.Cancellation);
        Assert.True(sink.Outage >= TimeSpan.FromMilliseconds(300));
        _harness.Broker.Up();
        await sink.FlushAsync(_harness.Cancellation);
        await WriteTradesAsync(sink, 3, 1);
        Assert.Equal(TimeSpan.FromSeconds(10), KafkaSink.DefaultLeaseTimeout);
    }

    [Fact]
    public async Task PurgeAsync_DuringAnOutage_GivesUpAllThatIsNotAcknowledgedAndEndsEveryWait()
    {
        await using var sink = await _harness.StartSinkAsync();
        await WriteTradesAsync(sink, 1, 1);
        await _harness.Broker.DownAsync();
        var batch = Batch(MarketSamples.Trade(2));
        batch.Add(MarketSamples.Candle(CandleState.Final));
        await sink.WriteAsync(batch, _harness.Cancellation);
        var opened = Batch();
        opened.Add(StateSamples.Gap());
        opened.Add(MarketSamples.Trade(300));
        var write = sink.WriteAsync(opened, _harness.Cancellation).AsTask();
        var control = sink.WriteControlAsync(StateKeys.Owner, "1"u8.ToArray(), 0, RecordSchema.Owner, _harness.Cancellation);
        var flush = sink.FlushAsync(_harness.Cancellation).AsTask();

        await sink.PurgeAsync(_harness.Cancellation);
        Assert.Equal("purged", (await Assert.ThrowsAsync<KafkaSinkException>(() => write)).Code);
        Assert.Equal("purged", (await Assert.ThrowsAsync<KafkaSinkException>(() => flush)).Code);
        Assert.Equal("purged", (await Assert.ThrowsAsync<KafkaSinkException>(() => control)).Code);
        Assert.Equal("purged", (await Assert.ThrowsAsync<KafkaSinkException>(() => WriteTradesAsync(sink, 5, 1))).Code);
        Assert.False(sink.Faulted.IsCompleted);
        Assert.Equal((1, 3, 0), (sink.Counts.Acknowledged, sink.Counts.Failed, sink.Counts.InFlight));
        Assert.Equal(1, _harness.Metric("pipeline.graph.dropped", "", "purged"));

        // Nothing of it comes later.
        _harness.Broker.Up();
        await sink.RestartAsync(_harness.Cancellation);
        await WriteTradesAsync(sink, 7, 1);
        Assert.Equal(2, (await _harness.ReadAllAsync("md.trades")).Count);
        Assert.Empty(await _harness.ReadAllAsync("md.gaps"));
        Assert.Empty(await _harness.ReadAllAsync("md.state"));
        Assert.Empty(await _harness.ReadAllAsync("md.candles"));
    }

    [Fact]
    public async Task RestartAsync_AfterAPurge_TheRulesHoldAgain()
    {
        await using var sink = await _harness.StartSinkAsync();
        sink.SetEpoch(Partition, 9);
        await WriteTradesAsync(sink, 1, 3);
        await _harness.Broker.DownAsync();
        await sink.WriteAsync(Batch(MarketSamples.Trade(4)), _harness.Cancellation);
        await sink.RestartAsync(_harness.Cancellation);
        _harness.Broker.Up();
        sink.SetEnds(Partition, new PartitionEnds(3, null, 0, 0));
        await WriteTradesAsync(sink, 5, 1);
        _harness.Broker.HoldAnswers();
        var batch = Batch(MarketSamples.Trade(6));
        batch.Add(MarketSamples.Candle(CandleState.Final));
        batch.Add(StateSamples.State());
        batch.IsCheckpoint = true;
        await sink.WriteAsync(batch, _harness.Cancellation);
        while ((await _harness.ReadAllAsync("md.trades")).Count < 5)
        {
            await Task.Delay(5, _harness.Cancellation);
        }

        Assert.Empty(await _harness.ReadAllAsync("md.candles"));
        _harness.Broker.LetAnswersGo();
        await sink.FlushAsync(_harness.Cancellation);
        Assert.Single(await _harness.ReadAllAsync("md.candles"));
        var marker = MarkerRecordReader.Read((await _harness.ReadAllAsync("md.state"))[^1].Value!);
        Assert.Equal((5, 1, 0), (marker.TradesOffset, marker.CandlesOffset, marker.GapsOffset));
        Assert.Equal(0, _harness.Metric("pipeline.kafka.offset_shifts", "md.trades"));
        Assert.Equal(["9", "9", "9", "0", "0"], (await _harness.ReadAllAsync("md.trades")).Select(record => record.Header(HeaderNames.Epoch)));
    }

    [Fact]
    public async Task RestartAsync_AfterAFatalError_GoesOn()
    {
        await using var sink = await _harness.StartSinkAsync();
        await WriteTradesAsync(sink, 1, 1);
        sink.RaiseFatalError("sequence broken for a test");
        await Assert.ThrowsAsync<KafkaSinkException>(() => sink.Faulted.WaitAsync(_harness.Cancellation));
        await sink.RestartAsync(_harness.Cancellation);
        Assert.False(sink.Faulted.IsCompleted);
        await WriteTradesAsync(sink, 2, 1);
        Assert.Equal(2, (await _harness.ReadAllAsync("md.trades")).Count);
    }

    [Fact]
    public async Task RestartAsync_UnderLoad_NeverSettlesTwiceNorHangs()
    {
        await using var sink = await _harness.StartSinkAsync();
        using var end = new CancellationTokenSource();
        var lanes = Enumerable.Range(0, 3).Select(lane => Task.Factory.StartNew(async () =>
        {
            var instruments = MarketSamples.Instruments(3);
            for (var id = 0; !end.IsCancellationRequested; id++)
            {
                var batch = Batch(MarketSamples.Trade(id, instruments[lane]));
                batch.Lane = lane;
                batch.Add(MarketSamples.Candle(CandleState.Final) with { Instrument = instruments[lane] });
                try
                {
                    await sink.WriteAsync(batch, _harness.Cancellation);
                }
                catch (KafkaSinkException exception) when (exception.Code == "purged")
                {
                    await Task.Yield();
                }
            }
        }, _harness.Cancellation, TaskCreationOptions.None, TaskScheduler.Default).Unwrap()).ToList();
        for (var i = 0; i < 5; i++)
        {
            await sink.RestartAsync(_harness.Cancellation);
        }

        await end.CancelAsync();
        await Task.WhenAll(lanes);
        await sink.FlushAsync(_harness.Cancellation);
        Assert.Equal((0, sink.Counts.HandedOver), (sink.Counts.InFlight, sink.Counts.Acknowledged + sink.Counts.Failed));
    }

    [Theory]
    [InlineData((int)ErrorCode.TopicDenied, "TOPIC_AUTHORIZATION_FAILED", "grant WRITE")]
    [InlineData((int)ErrorCode.MessageTooLarge, "MSG_SIZE_TOO_LARGE", "max.message.bytes of md.trades")]
    public async Task BrokerRefusesARecord_ForGood_EndsTheSinkAndSaysWhatToDo(int error, string code, string advice)
    {
        await using var sink = await _harness.StartSinkAsync();
        await WriteTradesAsync(sink, 1, 1);
        _harness.Broker.RefuseProduce([.. Enumerable.Repeat((ErrorCode)error, 10)]);
        await sink.WriteAsync(Batch(MarketSamples.Trade(2)), _harness.Cancellation);
        var fault = await Assert.ThrowsAsync<KafkaSinkException>(() => sink.Faulted.WaitAsync(_harness.Cancellation));
        Assert.Equal(code, fault.Code);
        Assert.Contains(advice, fault.Message, StringComparison.Ordinal);
        Assert.Contains("md.trades", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BrokerRefusesARecord_ForNow_IsTriedAgainUntilItTakesIt()
    {
        await using var sink = await _harness.StartSinkAsync();
        await WriteTradesAsync(sink, 1, 1);
        _harness.Broker.RefuseProduce(ErrorCode.NotEnoughReplicas, ErrorCode.NotEnoughReplicas, ErrorCode.NotEnoughReplicas);
        await WriteTradesAsync(sink, 2, 50);
        Assert.Equal(51, (await _harness.ReadAllAsync("md.trades")).Count);
        Assert.Equal(0, sink.Counts.Failed);
    }

    [Theory]
    [InlineData((int)ErrorCode.UnknownTopic, "UNKNOWN_TOPIC_OR_PART", "is gone")]
    [InlineData((int)ErrorCode.NoSuchTopic, "_UNKNOWN_TOPIC", "is gone")]
    [InlineData((int)ErrorCode.NoSuchPartition, "_UNKNOWN_PARTITION", "fewer partitions")]
    [InlineData((int)ErrorCode.RecordListTooLarge, "RECORD_LIST_TOO_LARGE", "message.max.bytes")]
    [InlineData((int)ErrorCode.ClusterDenied, "CLUSTER_AUTHORIZATION_FAILED", "IDEMPOTENT_WRITE")]
    [InlineData((int)ErrorCode.TimestampInvalid, "INVALID_TIMESTAMP", "clock")]
    [InlineData((int)ErrorCode.PolicyViolation, "POLICY_VIOLATION", "policy")]
    [InlineData((int)ErrorCode.InvalidRecord, "INVALID_RECORD", "policy")]
    [InlineData((int)ErrorCode.SaslAuthentication, "SASL_AUTHENTICATION_FAILED", "sasl.password")]
    [InlineData((int)ErrorCode.Authentication, "_AUTHENTICATION", "sasl.password")]
    [InlineData((int)ErrorCode.Ssl, "_SSL", "ssl.ca.location")]
    [InlineData((int)ErrorCode.Resolve, "_RESOLVE", "bootstrapServers")]
    [InlineData((int)ErrorCode.NotEnoughReplicas, "NOT_ENOUGH_REPLICAS", "")]
    public void Advice_OfKnownErrors_SaysWhatToDo(int error, string name, string advice)
    {
        Assert.Equal(name, ErrorCodes.NameOf((ErrorCode)error));
        Assert.Contains(advice, DeliveryAdvice.Describe((ErrorCode)error, "md.trades"), StringComparison.Ordinal);
    }

    private async Task WriteTradesAsync(KafkaSink sink, int firstId, int count)
    {
        await sink.WriteAsync(Batch([.. Enumerable.Range(firstId, count).Select(id => MarketSamples.Trade(id))]), _harness.Cancellation);
        await sink.FlushAsync(_harness.Cancellation);
    }

    private static MarketBatch Batch(params Trade[] trades)
    {
        var batch = new MarketBatch { Connection = "binance-1" };
        foreach (var trade in trades)
        {
            batch.Add(trade);
        }

        return batch;
    }
}
