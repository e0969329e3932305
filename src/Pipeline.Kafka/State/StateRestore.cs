using Pipeline.Core.Candles;
using Pipeline.Core.Market;
using Pipeline.Core.Restart;
using Pipeline.Core.Topology;
using Pipeline.Kafka.Reader;
using Pipeline.Kafka.Records;
using Pipeline.Kafka.Sink;
using Pipeline.Kafka.Topics;

namespace Pipeline.Kafka.State;

/// <summary>
/// Brings partitions from their checkpoints to the end of their logs. Nothing may be written to them meanwhile: who calls owns them.
/// </summary>
/// <param name="clock">For progress, and how long it took.</param>
public sealed class StateRestore(
    ITailSource source, TopicCatalog topics, RestartOptions options, CandleOptions candles, LogInstruments instruments, TimeProvider clock, IRestoreWatch watch)
{
    // Partitions are read together, as long as their tails are no more than this: most of it is held while they are.
    private const long RecordsAtOnce = 1_000_000;

    private static readonly TimeSpan TellInterval = TimeSpan.FromSeconds(2);

    private readonly long _started = clock.GetTimestamp();
    private long _told = clock.GetTimestamp();
    private long _read;
    private long _all;

    /// <param name="tables">What <c>md.state</c> says of each partition.</param>
    /// <param name="now">By the market clock, for records that are made here.</param>
    /// <returns>The partitions in their order, and where their logs ended.</returns>
    /// <exception cref="KafkaClientException">No broker answers.</exception>
    public async Task<IReadOnlyList<(RestoredPartition Partition, PartitionEnds Ends)>> RestoreAsync(
        IReadOnlyList<StateTable> tables, string? logId, long now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(tables);
        var tails = await PlanAsync(tables, logId);
        _all = tails.Sum(tail => tail.Records);
        var restored = new List<(RestoredPartition, PartitionEnds)>();
        foreach (var group in Groups(tails))
        {
            var started = clock.GetTimestamp();
            await ReadAsync(group, cancellation);
            foreach (var tail in group)
            {
                restored.Add((End(tail, now, started), tail.ToEnds()));
            }
        }

        return restored;
    }

    private static List<List<PartitionTail>> Groups(IReadOnlyList<PartitionTail> tails)
    {
        var groups = new List<List<PartitionTail>>();
        var records = 0L;
        foreach (var tail in tails)
        {
            if (groups.Count == 0 || records + tail.Records > RecordsAtOnce)
            {
                groups.Add([]);
                records = 0;
            }

            groups[^1].Add(tail);
            records += tail.Records;
        }

        return groups;
    }

    private async Task<IReadOnlyList<PartitionTail>> PlanAsync(IReadOnlyList<StateTable> tables, string? logId)
    {
        var (trades, prices, candleLog, gaps) = (
            await BoundsAsync(topics.Trades), await BoundsAsync(topics.Prices), await BoundsAsync(topics.Candles), await BoundsAsync(topics.Gaps));
        return [.. tables.Select(table =>
        {
            var n = table.Partition;
            var lows = new TailOffsets(trades[n].Low, prices[n].Low, candleLog[n].Low, gaps[n].Low);
            var ends = new TailOffsets(trades[n].High, prices[n].High, candleLog[n].High, gaps[n].High);
            return Plan(table, logId, lows, ends);
        })];
    }

    private async Task<IReadOnlyDictionary<int, (long Low, long High)>> BoundsAsync(TopicDefinition topic) => await source.BoundsAsync(topic.Name);

    private PartitionTail Plan(StateTable table, string? logId, TailOffsets lows, TailOffsets ends)
    {
        var marker = table.Marker;
        var whyNot = marker is null ? null : TailPlan.WhyNot(marker, logId, ends);
        if (whyNot is not null)
        {
            watch.Ignored(table.Partition, whyNot);
            marker = null;
        }

        if (marker is not null && TailPlan.Gone(marker, lows) is { } gone)
        {
            watch.Lacking(table.Partition, gone);
        }

        var fold = new RestoreFold(table.Partition, candles);
        foreach (var state in table.States.Values.Where(one => whyNot is null && instruments.IsCollected(one.State.Instrument)))
        {
            if (state.TradesOffset > ends.Trades || state.PricesOffset > ends.Prices)
            {
                watch.Ignored(table.Partition, $"the state of {state.State.Instrument} counts trades beyond the end of the log");
                continue;
            }

            fold.Add(state.State, state.TradesOffset, state.PricesOffset);
        }

        if (table.Stale > 0)
        {
            watch.Dropped("stale-epoch", table.Stale);
            watch.Lacking(table.Partition, $"{table.Stale} states were written by who did not own it any more, and are left out");
        }

        return new PartitionTail(table.Partition, fold, TailPlan.Begin(marker, lows, ends, options.Lookback), ends);
    }

    private async Task ReadAsync(List<PartitionTail> group, CancellationToken cancellation)
    {
        var tails = group.ToDictionary(tail => tail.Partition);

        // Holes and candles first: the trades then tell what of them is new.
        await ReadAsync(tails, tail => [Stretch(topics.Gaps, tail, tail.From.Gaps, tail.Ends.Gaps)], Gap, cancellation);
        await ReadAsync(tails, tail => [Stretch(topics.Candles, tail, tail.From.Candles, tail.Ends.Candles)], Candle, cancellation);
        await ReadAsync(
            tails,
            tail => [Stretch(topics.Trades, tail, tail.From.Trades, tail.Ends.Trades), Stretch(topics.Prices, tail, tail.From.Prices, tail.Ends.Prices)],
            TradeOrPrice,
            cancellation);
    }

    private async Task ReadAsync(
        Dictionary<int, PartitionTail> tails,
        Func<PartitionTail, IEnumerable<LogStretch>> stretchesOf,
        Action<PartitionTail, KafkaRecord> take,
        CancellationToken cancellation)
    {
        var fence = new EpochFence();
        await foreach (var record in source.ReadAsync([.. tails.Values.SelectMany(stretchesOf).Where(one => one.Records > 0)], cancellation))
        {
            Tell();
            var tail = tails[record.Partition];
            if (record.Value is not { Length: > 0 } || fence.IsStale(record))
            {
                continue;
            }

            try
            {
                take(tail, record);
            }
            catch (RecordFormatException error)
            {
                // One bad record costs itself; what it stood for is missing then, and is asked for by its ids.
                if (tail.Bad++ == 0)
                {
                    watch.Lacking(tail.Partition, $"{record.Topic} offset {record.Offset}: {error.Message}");
                }
            }
        }

        if (fence.Dropped > 0)
        {
            watch.Dropped("stale-epoch", fence.Dropped);
            watch.Lacking(tails.Keys.First(), $"{fence.Dropped} records were written by who did not own the partition any more, and are left out");
        }
    }

    private static LogStretch Stretch(TopicDefinition topic, PartitionTail tail, long from, long to) => new(topic.Name, tail.Partition, from, to);

    private void Gap(PartitionTail tail, KafkaRecord record)
    {
        var gap = GapRecordReader.Read(record.Value, instruments.Of);
        if (instruments.IsCollected(gap.Gap.Instrument))
        {
            tail.Fold.Add(gap.Gap, gap.TradesOffset);
        }
    }

    private void Candle(PartitionTail tail, KafkaRecord record)
    {
        // Most of the tail, and nothing is taken from them.
        if (record.Value.AsSpan().IndexOf("\"state\":\"forming\""u8) >= 0)
        {
            return;
        }

        var candle = CandleRecordReader.Read(record.Value, instruments.Of);
        if (instruments.IsCollected(candle.Instrument))
        {
            tail.Fold.Add(candle);
        }
    }

    private void TradeOrPrice(PartitionTail tail, KafkaRecord record)
    {
        if (record.Topic == topics.Prices.Name)
        {
            var tick = PriceRecordReader.Read(record.Value, instruments.Of);
            if (instruments.IsCollected(tick.Instrument))
            {
                tail.Fold.Add(tick, record.Offset);
            }
        }
        else if (TradeRecordReader.Read(record.Value, instruments.Of) is var trade && instruments.IsCollected(trade.Instrument))
        {
            tail.Fold.Add(trade, record.Offset);
        }
    }

    private RestoredPartition End(PartitionTail tail, long now, long started)
    {
        using var fold = tail.Fold;
        var restored = fold.End(now);
        if (tail.Bad > 0)
        {
            watch.Dropped("bad-record", tail.Bad);
        }

        if (tail.Bad > 1)
        {
            watch.Lacking(tail.Partition, $"{tail.Bad} records could not be read, and are left out");
        }

        watch.Restored(restored, clock.GetElapsedTime(started));
        return restored;
    }

    private void Tell()
    {
        _read++;
        if (clock.GetElapsedTime(_told) >= TellInterval)
        {
            _told = clock.GetTimestamp();
            watch.Reading(_read, _all, _read / clock.GetElapsedTime(_started).TotalSeconds);
        }
    }
}
